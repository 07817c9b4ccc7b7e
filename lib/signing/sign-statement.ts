import type { RemoteClient } from '#lib/remote/client.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { NO_OPERATOR_TRUST, type OperatorTrust, parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { type ModelSigner, signModel } from '#lib/sigstore/sign-model.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type AnyVerdict, verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import { type KeylessSigning, signKeyless } from './sign-keyless.ts';
import { SigningError } from './signing-error.ts';

/** With what a statement is signed. */
export type SigningMethod =
  | ({ readonly method: 'keyless'; readonly client: RemoteClient } & KeylessSigning)
  | ModelSigner;

export interface SignedStatement {
  /** JSON of the bundle. */
  readonly bundle: string;
  /** What our own verification found: it is verified. */
  readonly verdict: Extract<AnyVerdict, { outcome: 'verified' }>;
}

/**
 * Signs an in-toto statement and verifies the bundle as any other would be, so that none is handed out that we would not
 * take ourselves.
 *
 * @param statement the exact payload.
 * @param root the trust root to verify with: it must hold the services that sign.
 * @throws {SigningError} naming the service that failed, or why the bundle does not verify.
 */
export async function signStatement(
  statement: Uint8Array,
  method: SigningMethod,
  root: TrustedRoot,
): Promise<SignedStatement> {
  const bundle = await sign(statement, method);
  const now = Date.now();
  const verdict = verifyAnyBundle(readBundle(Buffer.from(bundle)), root, trustIn(method), { now, seenAt: now });
  if (verdict.outcome === 'verified') return { bundle, verdict };
  const mend =
    method.method === 'keyless'
      ? 'Name the trust root of the services that signed (--trusted-root), and look that they are the ones meant.'
      : 'Look whether key, certificate and chain belong together and are valid now.';
  throw new SigningError(`What was signed does not verify, and is not written. ${verdict.reason} ${mend}`);
}

async function sign(statement: Uint8Array, method: SigningMethod): Promise<string> {
  if (method.method === 'keyless') return signKeyless(method.client, { kind: 'statement', payload: statement }, method);
  try {
    return signModel(statement, method);
  } catch (error) {
    throw new SigningError((error as Error).message);
  }
}

/** Whoever signs with a key or a certificate trusts it; of a chain, its end, or else the certificate itself. */
function trustIn(method: SigningMethod): OperatorTrust {
  if (method.method === 'keyless') return NO_OPERATOR_TRUST;
  if (method.method === 'key') {
    const pem = method.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    return { keys: [parseTrustedKey('the key that signed', pem)], authorities: [] };
  }
  const { certificate, chain } = method;
  const others = chain.filter(({ raw }) => !raw.equals(certificate.raw));
  const certificates = others.length > 0 ? others.slice(-1) : [certificate];
  return { keys: [], authorities: [{ name: 'the chain that was given', certificates }] };
}
