import { encodeBase64 } from '#lib/tlog/base64.ts';

const HASH_SIZE = 32;

/**
 * An inclusion proof as text (C2SP tlog-proof): index, hashes from the leaf's sibling up, and the signed checkpoint.
 *
 * @param hashes concatenated 32-byte hashes; @param note the signed note as the log served it.
 * @throws {RangeError} where `hashes` is not a whole number of hashes.
 */
export function formatTlogProof(index: number, hashes: Uint8Array, note: string): string {
  const lines = splitHashes(hashes).map(encodeBase64);
  return ['c2sp.org/tlog-proof@v1', `index ${index}`, ...lines, '', note].join('\n');
}

/** @throws {RangeError} where `hashes` is not a whole number of hashes. */
export function splitHashes(hashes: Uint8Array): Uint8Array[] {
  if (hashes.length % HASH_SIZE !== 0) {
    throw new RangeError(`A proof is a list of ${HASH_SIZE}-byte hashes, but ${hashes.length} bytes are stored.`);
  }
  return Array.from({ length: hashes.length / HASH_SIZE }, (_, i) =>
    hashes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE),
  );
}
