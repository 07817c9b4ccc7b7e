import { readFile, writeFile } from 'node:fs/promises';
import { RemoteClient } from '#lib/remote/client.ts';
import { readIdentityToken } from '#lib/signing/identity-token.ts';
import { loadServices } from '#lib/signing/load-services.ts';
import { type SignedContent, signKeyless } from '#lib/signing/sign-keyless.ts';
import { readSigningConfig } from '#lib/signing/signing-config.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { stagingTarget } from './staging.ts';
import { readTrust } from './verify-file.ts';

export interface SignArguments {
  readonly bundle: string;
  readonly staging: boolean;
  readonly token: string;
  readonly trustedRoot: string | null;
  readonly signingConfig: string | null;
  /** Whether the file is an in-toto statement, to be signed as the payload of a DSSE envelope. */
  readonly isStatement: boolean;
  readonly file: string;
}

/**
 * Signs a file without a key of one's own, with the code of the product. With a trust root the bundle is verified before
 * it is written.
 *
 * @throws {Error} saying which service failed.
 */
export async function signFile(args: SignArguments): Promise<void> {
  const now = Date.now();
  const services = await chooseServices(args, now);
  const bytes = await readFile(args.file);
  const content: SignedContent = args.isStatement ? { kind: 'statement', payload: bytes } : { kind: 'file', bytes };
  const token = readIdentityToken(args.token, 'The token', now);
  const client = new RemoteClient({ userAgent: 'Modeltrail/conformance' });
  try {
    const text = await signKeyless(client, content, { services, token });
    if (args.trustedRoot !== null) await requireVerified(text, args);
    await writeFile(args.bundle, text);
  } finally {
    await client.close();
  }
}

async function chooseServices({ signingConfig, staging }: SignArguments, now: number) {
  if (signingConfig === null && staging) {
    const { fulcio, ...others } = readSigningConfig(await stagingTarget('signing_config.v0.2.json'), now);
    if (fulcio !== null) return { fulcio, ...others };
    throw new Error('The signing configuration of staging has no certificate authority that is valid now.');
  }
  const named = { fulcio: null, log: null, timestampAuthorities: null };
  return loadServices(signingConfig === null ? null : { file: signingConfig }, named, now);
}

async function requireVerified(text: string, args: SignArguments): Promise<void> {
  const verdict = verifyBundle(readBundle(Buffer.from(text)), await readTrust(args), { now: Date.now() });
  if (verdict.outcome === 'refused') throw new Error(`What was signed does not verify: ${verdict.reason}`);
}
