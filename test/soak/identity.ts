import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { askJson, type Stack } from './stack.ts';

/** Certificates of the stack are good for ten minutes; they are renewed well before. */
const RENEW_AFTER = 4 * 60_000;

interface Certificate {
  readonly pem: string;
  readonly der: Buffer;
  readonly san: string;
  readonly issuer: string;
  readonly serial: string;
  readonly mintedAt: number;
}

interface SigningCertificateAnswer {
  readonly signedCertificateEmbeddedSct: { readonly chain: { readonly certificates: readonly [string] } };
}

/** Somebody who signs: by certificate, or with a bare key where no token is asked for. */
export class Identity {
  readonly label: string;
  /** Whether a rule of the configuration names it. */
  readonly isWatched: boolean;
  readonly privateKey: KeyObject;
  readonly publicPem: string;
  readonly publicDer: Buffer;
  /** Every certificate it ever had. */
  readonly certificates: Certificate[] = [];
  readonly #stack: Stack;
  readonly #tokenPath: string | null;
  #renewal: Promise<void> | null = null;

  constructor(stack: Stack, label: string, isWatched: boolean, tokenPath: string | null) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.label = label;
    this.isWatched = isWatched;
    this.privateKey = privateKey;
    this.publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    this.publicDer = publicKey.export({ type: 'spki', format: 'der' });
    this.#stack = stack;
    this.#tokenPath = tokenPath;
  }

  /** The certificate in force, renewed where it is old; null for a bare key. */
  async certificate(): Promise<Certificate | null> {
    if (this.#tokenPath === null) return null;
    const current = this.certificates.at(-1);
    if (current && Date.now() - current.mintedAt < RENEW_AFTER) return current;
    this.#renewal ??= this.#renew(this.#tokenPath).finally(() => {
      this.#renewal = null;
    });
    await this.#renewal;
    return this.certificates.at(-1) ?? null;
  }

  async #renew(tokenPath: string): Promise<void> {
    const { id_token: token } = await askJson<{ readonly id_token: string }>(`${this.#stack.oidc}${tokenPath}`);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly iss: string;
      readonly sub: string;
      readonly email?: string;
    };
    const proof = sign('sha256', Buffer.from(claims.email ?? claims.sub), this.privateKey);
    const answer = await askJson<SigningCertificateAnswer>(`${this.#stack.fulcio}/api/v2/signingCert`, {
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: {
        publicKey: { algorithm: 'ECDSA', content: this.publicPem },
        proofOfPossession: proof.toString('base64'),
      },
    });
    const pem = answer.signedCertificateEmbeddedSct.chain.certificates[0];
    const { raw: der, subjectAltName = '', serialNumber } = new X509Certificate(pem);
    this.certificates.push({
      pem: pem.endsWith('\n') ? pem : `${pem}\n`,
      der,
      san: subjectAltName.replace(/^(email|URI):/, ''),
      issuer: claims.iss,
      serial: serialNumber.toLowerCase(),
      mintedAt: Date.now(),
    });
  }
}

/** Watched and unwatched signers, some named almost alike, of names that no other run has used. */
export async function mintIdentities(stack: Stack, run: string): Promise<Identity[]> {
  const email = (name: string) => `/token?email=soak-${run}-${name}`;
  const workflow = (repository: string) => `/actions/token?repository=soak-${run}${repository}&ref=refs/heads/main`;
  const identities = [
    new Identity(stack, 'release mailbox', true, email('release@models.example')),
    new Identity(stack, 'deployment mailbox', true, email('deploy@models.example')),
    new Identity(stack, 'release workflow', true, workflow('/models')),
    new Identity(stack, 'almost the release mailbox', false, email('release@models.example.org')),
    new Identity(stack, 'almost the release workflow', false, workflow('-mirror/models')),
    new Identity(stack, 'a stranger', false, email('stranger@elsewhere.example')),
    new Identity(stack, 'a project elsewhere', false, `/gitlab/token?project_path=soak-${run}/models`),
    new Identity(stack, 'a bare key', false, null),
  ];
  for (const identity of identities) await identity.certificate();
  return identities;
}
