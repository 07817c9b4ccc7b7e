import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import type { ArtifactToMatch } from '#lib/sigstore/content.ts';
import type { OperatorTrust } from '#lib/sigstore/operator-trust.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type AnyVerdict, verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import { UsageError } from './command.ts';
import { readFileUpTo } from './read-file.ts';

/** A file that a bundle should be about: small ones whole, large ones by their digests. */
export type Artifact =
  | { readonly bytes: Uint8Array }
  | { readonly digests: readonly { readonly algorithm: 'sha256' | 'sha384' | 'sha512'; readonly digest: string }[] };

/** Up to here a file is held in memory; only plain Ed25519 and RSA-PSS signatures need it whole. */
const WHOLE_UP_TO = 256 * 1024 * 1024;

/** @throws {UsageError} where it cannot be read. */
export async function readArtifact(path: string, wholeUpTo: number = WHOLE_UP_TO): Promise<Artifact> {
  const found = await stat(path).catch((error: Error) => {
    throw new UsageError(`The artifact cannot be read: ${error.message}.`);
  });
  if (!found.isFile()) throw new UsageError(`The artifact ${path} is not a file. Name a file.`);
  if (found.size <= wholeUpTo) return { bytes: await readFileUpTo(path, wholeUpTo, 'artifact') };
  const hashes = (['sha256', 'sha384', 'sha512'] as const).map((algorithm) => ({
    algorithm,
    hash: createHash(algorithm),
  }));
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    for (const { hash } of hashes) hash.update(piece as Buffer);
  }
  return { digests: hashes.map(({ algorithm, hash }) => ({ algorithm, digest: hash.digest('hex') })) };
}

/** Verifies a bundle together with its artifact. A statement may name the file by any of the three digests. */
export function verifyWithArtifact(
  parsed: ParsedBundle,
  root: TrustedRoot,
  operator: OperatorTrust,
  { now, artifact }: { readonly now: number; readonly artifact: Artifact | null },
): AnyVerdict {
  // Nothing is known of when this file was first held but that it is held now.
  const verify = (match: ArtifactToMatch) => verifyAnyBundle(parsed, root, operator, { now, seenAt: now, ...match });
  if (artifact === null) return verify({});
  if ('bytes' in artifact) return verify({ artifact: artifact.bytes });
  const verdicts = artifact.digests.map((artifactDigest) => verify({ artifactDigest }));
  const isOtherDigest = (verdict: AnyVerdict) => verdict.outcome === 'refused' && verdict.code === 'artifact-mismatch';
  return verdicts.find((verdict) => !isOtherDigest(verdict)) ?? verdicts[0] ?? verify({});
}
