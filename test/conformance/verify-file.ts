import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readBundle } from '#lib/sigstore/bundle.ts';
import type { ArtifactToMatch } from '#lib/sigstore/content.ts';
import { parseTrustedRoot, type TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { publicGoodSeed } from '#lib/sigstore/tuf-seed.ts';
import { type BundleSigner, verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { escapeText } from '#lib/watch/display.ts';
import { stagingTarget } from './staging.ts';

export interface VerifyArguments {
  readonly bundle: string;
  readonly staging: boolean;
  readonly trustedRoot: string | null;
  /** `sha256:<hex>` or a path. */
  readonly target: string;
  readonly signer: { readonly key: string } | { readonly identity: string; readonly issuer: string };
}

/** @throws {Error} saying why the bundle is refused. */
export async function verifyFile({ bundle, target, signer, ...trust }: VerifyArguments): Promise<void> {
  const root = await readTrust(trust);
  const parsed = readBundle(await readFile(bundle));
  const verdict = verifyBundle(parsed, root, {
    now: Date.now(),
    ...(await readTarget(target)),
    ...('key' in signer && { key: await readKey(signer.key) }),
  });
  if (verdict.outcome === 'refused') throw new Error(`${verdict.code}: ${verdict.reason}`);
  if ('key' in signer) return;
  if (!verdict.signer) throw new Error('The bundle is signed with a bare key: no identity signed it.');
  requireIdentity(verdict.signer, signer.identity, signer.issuer);
}

/** The root that was named; else staging's, which needs the network; else the public-good one, which does not. */
export async function readTrust(trust: { trustedRoot: string | null; staging: boolean }): Promise<TrustedRoot> {
  if (trust.trustedRoot !== null) return parseTrustedRoot(await readFile(trust.trustedRoot));
  return parseTrustedRoot(trust.staging ? await stagingTarget('trusted_root.json') : publicGoodSeed());
}

async function readKey(path: string): Promise<KeyObject> {
  const pem = await readFile(path);
  try {
    return createPublicKey(pem);
  } catch {
    throw new Error(`${path} is no public key in PEM.`);
  }
}

async function readTarget(target: string): Promise<ArtifactToMatch> {
  const digest = /^sha256:([0-9a-f]{64})$/.exec(target)?.[1];
  if (digest !== undefined) return { artifactDigest: { algorithm: 'sha256', digest } };
  return { artifact: await readFile(target) };
}

/** Whole and byte for byte. Escaping is one to one, so that equal escaped texts are equal bytes. */
export function requireIdentity({ certificate }: BundleSigner, identity: string, issuer: string): void {
  const wanted = Buffer.from(identity).toString('hex');
  if (!certificate.sans.some(({ raw }) => raw === wanted)) {
    const found = certificate.sans.map(({ value }) => value).join(', ');
    throw new Error(`The bundle is signed by ${found}, not by ${identity}.`);
  }
  if (certificate.issuer.conflict || certificate.issuer.value !== escapeText(issuer)) {
    throw new Error(`The signer was vouched for by ${certificate.issuer.value}, not by ${issuer}.`);
  }
}
