import { hash, randomBytes } from 'node:crypto';
import type { CanaryConfig } from '#lib/config/health-schema.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { readIdentityToken } from '#lib/signing/identity-token.ts';
import { loadServices, type SigningConfigSource } from '#lib/signing/load-services.ts';
import { signKeyless } from '#lib/signing/sign-keyless.ts';
import { SigningError } from '#lib/signing/signing-error.ts';
import { obtainToken } from '#lib/signing/token-source.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import { NO_OPERATOR_TRUST } from '#lib/sigstore/operator-trust.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import type { Matcher } from '#lib/watch/match.ts';

/** With what a canary is signed, and by what it is judged. */
export interface CanaryTools {
  readonly client: RemoteClient;
  readonly root: TrustedRoot;
  readonly matcher: Matcher;
  /** Where the signing configuration comes from. */
  readonly services: SigningConfigSource;
  readonly token: CanaryConfig['token'];
}

/** Something of ours that is in a log now. */
export interface SignedCanary {
  /** SHA-256 of what was signed, lowercase hex: as the log's entry has it. */
  readonly digest: string;
  /** Hex of the log's id. */
  readonly logId: string;
  /** In its tree. */
  readonly logIndex: number;
}

/**
 * Makes a statement that nobody ever signed, to be given to `signCanary`, so that it can be declared before it is signed.
 *
 * @param now milliseconds since the epoch.
 */
export function freshCanary(now: number): { readonly bytes: Buffer; readonly digest: string } {
  const bytes = Buffer.from(
    `${JSON.stringify({ canary: 'Modeltrail', at: new Date(now).toISOString(), nonce: randomBytes(16).toString('hex') })}\n`,
  );
  return { bytes, digest: hash('sha256', bytes) };
}

/**
 * Signs a canary as any signer does, and verifies what came of it. It must be one that a watch rule of our own looks for:
 * else it could not be seen, and its silence would say nothing.
 *
 * @throws {SigningError}
 */
export async function signCanary(bytes: Buffer, tools: CanaryTools): Promise<SignedCanary> {
  const { client, root, matcher } = tools;
  const services = await loadServices(
    tools.services,
    { fulcio: null, log: null, timestampAuthorities: null },
    Date.now(),
  );
  const { jwt, source } = await obtainToken(tools.token, process.env);
  const token = readIdentityToken(jwt, source, Date.now());
  const bundle = tryRead(await signKeyless(client, { kind: 'file', bytes }, { services, token }));
  const seenAt = Date.now();
  const verdict = verifyAnyBundle(bundle, root, NO_OPERATOR_TRUST, { now: seenAt, seenAt });
  if (verdict.outcome !== 'verified') {
    throw new SigningError(`What was signed does not verify against the trust root in force. ${verdict.reason}`);
  }
  assertWatched(bundle, matcher);
  const [entry] = bundle.logEntries;
  if (!entry?.proof) throw new SigningError('The log gave no proof of inclusion: where the canary is cannot be told.');
  return { digest: hash('sha256', bytes), logId: entry.logId, logIndex: entry.proof.index };
}

function assertWatched({ material }: ParsedBundle, matcher: Matcher): void {
  const matching = material.form === 'certificate' ? matcher.matchCertificate(material.certificate) : { matches: [] };
  if ('matches' in matching && matching.matches.some(({ own }) => own)) return;
  throw new SigningError('No watch rule of your own looks for the identity that signs canaries. Add one under watch.');
}

function tryRead(json: string): ParsedBundle {
  try {
    return readBundle(Buffer.from(json));
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new SigningError(`What was signed cannot be read as a bundle. ${error.message}`);
  }
}
