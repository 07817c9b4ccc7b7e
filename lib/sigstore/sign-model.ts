import { hash, type KeyObject, sign, type X509Certificate } from 'node:crypto';
import { STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import { readLeafCertificate, whyNotForModelSigning } from './leaf-certificate.ts';
import { preAuthEncoding } from './pae.ts';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const CURVE_HASHES = new Map<string | undefined, string>([
  ['prime256v1', 'sha256'],
  ['secp384r1', 'sha384'],
  ['secp521r1', 'sha512'],
]);

/** Whose key signs. The private key is an EC key on P-256, P-384 or P-521. */
export type ModelSigner =
  | { readonly method: 'key'; readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  | {
      readonly method: 'certificate';
      readonly privateKey: KeyObject;
      readonly certificate: X509Certificate;
      /** What stands between it and the root; roots and the certificate itself are left out of the bundle. */
      readonly chain: readonly X509Certificate[];
    };

/**
 * Signs the statement of a model (`modelStatement`) as model_signing 1.1.1 does with its key and certificate methods.
 *
 * @returns the JSON of the bundle, which is in no log and has no time.
 * @throws {Error} where key and certificate do not belong together, or nobody would verify the signature.
 */
export function signModel(statement: Uint8Array, signer: ModelSigner): string {
  const publicKey = signer.method === 'key' ? signer.publicKey : signer.certificate.publicKey;
  const algorithm = CURVE_HASHES.get(publicKey.asymmetricKeyDetails?.namedCurve);
  if (algorithm === undefined) throw new Error('Models are signed with EC keys on P-256, P-384 or P-521 only.');
  if (signer.method === 'certificate') requireFit(signer.certificate, signer.privateKey);
  const signature = sign(algorithm, preAuthEncoding(STATEMENT_PAYLOAD_TYPE, statement), signer.privateKey);
  return JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: { ...materialOf(signer), tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(statement).toString('base64'),
      payloadType: STATEMENT_PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  });
}

function requireFit(certificate: X509Certificate, privateKey: KeyObject): void {
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error('The certificate is not of the private key. Sign with the key that it was issued for.');
  }
  const leaf = readLeafCertificate(certificate.raw);
  const unfit = leaf ? whyNotForModelSigning(leaf) : 'it cannot be read';
  if (unfit !== null) throw new Error(`The certificate is not made for signing models: ${unfit}.`);
}

function materialOf(signer: ModelSigner): object {
  if (signer.method === 'key') {
    // The hint is over the PEM text: 64 columns and a line feed at the end, as every OpenSSL writes it.
    return { publicKey: { hint: hash('sha256', signer.publicKey.export({ type: 'spki', format: 'pem' })) } };
  }
  const { certificate, chain } = signer;
  const others = chain.filter((other) => !other.raw.equals(certificate.raw) && !isRoot(other));
  return {
    x509CertificateChain: {
      certificates: [certificate, ...others].map(({ raw }) => ({ rawBytes: raw.toString('base64') })),
    },
  };
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}
