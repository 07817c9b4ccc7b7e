import type { SubjectDigest } from '#lib/model-signing/statement.ts';

/** Hexadecimal digits of the digests that are compared with others. */
const HEX_LENGTHS: ReadonlyMap<string, readonly number[]> = new Map([
  ['sha1', [40]],
  ['sha224', [56]],
  ['sha256', [64]],
  ['sha384', [96]],
  ['sha512', [128]],
  ['gitcommit', [40, 64]],
]);
/** Names of the same algorithm elsewhere: `SHA-256` of CycloneDX, `sha2-256`. */
const SPELLING = /^sha(?:2)?-(1|224|256|384|512)$/;
const MAX_ALGORITHM = 64;
const MAX_DIGEST = 4096;

/**
 * One digest in the form in which digests are compared: algorithm as in-toto names it, SHA digests in lowercase hex.
 *
 * @returns null for what is no digest of the algorithm that it says.
 */
export function normaliseDigest(algorithm: string, digest: unknown): SubjectDigest | null {
  if (algorithm === '' || algorithm.length > MAX_ALGORITHM || typeof digest !== 'string') return null;
  if (digest === '' || digest.length > MAX_DIGEST) return null;
  const lower = algorithm.toLowerCase();
  const spelling = SPELLING.exec(lower)?.[1];
  const known = spelling === undefined ? lower : `sha${spelling}`;
  const lengths = HEX_LENGTHS.get(known);
  if (lengths === undefined) return { algorithm, digest };
  const hex = digest.toLowerCase();
  if (!lengths.includes(hex.length) || !/^[0-9a-f]+$/.test(hex)) return null;
  return { algorithm: known === 'gitcommit' ? 'gitCommit' : known, digest: hex };
}

/** A digest as one text: `sha256:…`, or the bare hexadecimal digits of SHA-256, SHA-384 or SHA-512. Null for others. */
export function digestOfText(text: string): SubjectDigest | null {
  const [, algorithm, digest] = /^([A-Za-z0-9-]{1,32})[:=]([^:=]{1,512})$/.exec(text.trim()) ?? [];
  if (algorithm !== undefined) return normaliseDigest(algorithm, digest);
  const bare = text.trim();
  const bits = bare.length * 4;
  return bits === 256 || bits === 384 || bits === 512 ? normaliseDigest(`sha${bits}`, bare) : null;
}
