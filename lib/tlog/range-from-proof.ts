import { CompactRange } from './compact-range.ts';
import { nobleSha256, type Sha256 } from './hash.ts';
import { type InclusionProof, inclusionProofRanges, verifyInclusion } from './proof.ts';

/**
 * The compact range of the first `index + 1` leaves, from the inclusion proof of the last of them: its left siblings are
 * just the complete subtrees of the leaves before it (RFC 6962, 2.1.1).
 *
 * @throws {TlogError} `bad-proof` or `root-mismatch` unless the proof leads from the leaf to `root`: so all of the range is
 *   bound to that root.
 */
export function compactRangeFromInclusionProof(
  input: InclusionProof & { readonly root: Uint8Array },
  sha256: Sha256 = nobleSha256,
): CompactRange {
  const { index, size, leafHash, proof } = input;
  verifyInclusion(input, sha256);
  const ranges = inclusionProofRanges(index, size);
  // A proof goes from the leaf up, a range from the largest subtree down.
  const left = proof.filter((_, i) => (ranges[i]?.start ?? size) < index).reverse();
  const range = CompactRange.from(index, left, sha256);
  range.append(leafHash);
  return range;
}

/**
 * The hashes of the nodes behind leaf `index` in the tree of an inclusion proof: those that `suffixRanges(index + 1, size)`
 * names, left to right. With the range before them they make up the whole tree.
 */
export function suffixFromInclusionProof({ index, size, proof }: Omit<InclusionProof, 'leafHash'>): Uint8Array[] {
  const ranges = inclusionProofRanges(index, size);
  return proof.filter((_, i) => (ranges[i]?.start ?? 0) > index);
}
