import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type Bundle, bundleToJSON, toDSSEBundle, toMessageSignatureBundle } from '@sigstore/bundle';
import { pem } from '@sigstore/core';
import { FulcioSigner, RekorWitness, type SignatureBundle, TSAWitness } from '@sigstore/sign';
import { STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { preAuthEncoding } from '#lib/sigstore/pae.ts';
import { verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { writeRekorV2 } from './rekor-v2-writer.ts';
import { readSigningConfig, type SigningServices } from './signing-config.ts';
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
 * Signs a file without a key of one's own: a certificate for the token from Fulcio, timestamps, and an entry in the log,
 * of which Rekor v2 takes hashedrekord entries only, for DSSE with the digest of the pre-authentication encoding.
 * With a trust root the bundle is verified before it is written.
 *
 * @throws {Error} saying which service failed.
 */
export async function signFile(args: SignArguments): Promise<void> {
  const services = readSigningConfig(await readConfig(args), Date.now());
  const content = await readFile(args.file);
  const signed = args.isStatement ? preAuthEncoding(STATEMENT_PAYLOAD_TYPE, content) : content;
  const signer = new FulcioSigner({
    fulcioBaseURL: services.fulcio,
    identityProvider: { getToken: async () => args.token },
    timeout: 20_000,
    retry: 2,
  });
  const { signature, key } = await signer.sign(signed);
  if (key.$case !== 'x509Certificate') throw new Error('Fulcio answered with no certificate.');
  const certificate = pem.toDER(key.certificate);
  const digest = createHash('sha256').update(signed).digest();
  const bundle = args.isStatement
    ? toDSSEBundle({ artifact: content, artifactType: STATEMENT_PAYLOAD_TYPE, signature, certificate })
    : toMessageSignatureBundle({ digest, signature, certificate });
  await stamp(bundle, services);
  await log(bundle, services, { digest, signature, certificate, pem: key.certificate });
  const text = JSON.stringify(bundleToJSON(bundle));
  if (args.trustedRoot !== null) await requireVerified(text, args);
  await writeFile(args.bundle, text);
}

async function readConfig({ signingConfig, staging }: SignArguments): Promise<string> {
  if (signingConfig !== null) return readFile(signingConfig, 'utf8');
  if (staging) return (await stagingTarget('signing_config.v0.2.json')).toString('utf8');
  const { initTUF } = await import('@sigstore/tuf');
  const tuf = await initTUF({ timeout: 10_000, retry: { retries: 1 } });
  return tuf.getTarget('signing_config.v0.2.json');
}

async function stamp(bundle: Bundle, { timestampAuthorities }: SigningServices): Promise<void> {
  for (const tsaBaseURL of timestampAuthorities) {
    const witness = new TSAWitness({ tsaBaseURL, timeout: 20_000, retry: 2 });
    const { rfc3161Timestamps } = await witness.testify(bundle.content as SignatureBundle);
    bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps.push(...rfc3161Timestamps);
  }
}

interface Signing {
  readonly digest: Buffer;
  readonly signature: Buffer;
  readonly certificate: Buffer;
  readonly pem: string;
}

async function log(bundle: Bundle, { logs }: SigningServices, signing: Signing): Promise<void> {
  for (const { url, api } of logs) {
    if (api === 2) {
      bundle.verificationMaterial.tlogEntries.push(await writeRekorV2(url, signing));
    } else {
      const witness = new RekorWitness({ rekorBaseURL: url, entryType: 'dsse', timeout: 20_000, retry: 2 });
      const { tlogEntries } = await witness.testify(bundle.content as SignatureBundle, signing.pem);
      bundle.verificationMaterial.tlogEntries.push(...tlogEntries);
    }
  }
}

async function requireVerified(text: string, args: SignArguments): Promise<void> {
  const verdict = verifyBundle(readBundle(Buffer.from(text)), await readTrust(args), { now: Date.now() });
  if (verdict.outcome === 'refused') throw new Error(`What was signed does not verify: ${verdict.reason}`);
}
