import { TlogError } from './error.ts';
import { checkHash, EMPTY_ROOT, equalBytes, hashNode, nobleSha256, type Sha256 } from './hash.ts';
import { toHex } from './hex.ts';
import { floorLog2, isSize, trailingZeros } from './size.ts';

/**
 * Merkle proofs of RFC 6962. Both kinds are first described as ranges of leaves: element i of a proof is the tree hash
 * of range i. Making a proof looks these hashes up; checking one folds them, each on the side on which its range lies.
 */

/** Leaves `start` to `end`, the latter excluded. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: the 2^level leaves from index * 2^level on. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Looks up the hash of a complete subtree. */
export type NodeReader = (level: number, index: number) => Uint8Array;

export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export interface ConsistencyProof {
  readonly first: number;
  readonly second: number;
  readonly proof: readonly Uint8Array[];
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
}

/** Ranges of the inclusion proof of leaf `index` in a tree of `size` leaves, PATH of RFC 6962 2.1.1. */
export function inclusionProofRanges(index: number, size: number): LeafRange[] {
  if (!isSize(index) || !isSize(size) || index >= size) {
    throw new TlogError('bad-range', `No leaf ${index} in a tree of ${size} leaves`);
  }
  const ranges: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const split = splitPoint(start, end);
    if (index < split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
    }
  }
  return ranges.reverse();
}

/**
 * Ranges of the consistency proof between the trees of the `first` and the `second` size, PROOF of RFC 6962 2.1.2.
 * None if the sizes are equal, or if the first tree is empty, since every tree extends it.
 */
export function consistencyProofRanges(first: number, second: number): LeafRange[] {
  if (!isSize(first) || !isSize(second) || first > second) {
    throw new TlogError('bad-range', `No consistency proof leads from size ${first} to size ${second}`);
  }
  if (first === 0) return [];
  const ranges: LeafRange[] = [];
  let [start, end] = [0, second];
  while (end !== first) {
    const split = splitPoint(start, end);
    if (first <= split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
    }
  }
  // The whole first tree is not part of the proof: whoever checks it has that root already.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

/** Complete subtrees that cover `start` to `end`, left to right, each as large as alignment and end allow. */
export function completeSubtrees(start: number, end: number): Subtree[] {
  if (!isSize(start) || !isSize(end) || start > end) throw new TlogError('bad-range', `No leaves ${start} to ${end}`);
  const subtrees: Subtree[] = [];
  for (let at = start; at < end; ) {
    const level = Math.min(trailingZeros(at), floorLog2(end - at));
    subtrees.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return subtrees;
}

/** Tree hash of a range of a proof, or of a whole tree, from the hashes of its complete subtrees, left to right. */
export function foldSubtrees(hashes: readonly Uint8Array[], sha256: Sha256 = nobleSha256): Uint8Array {
  if (hashes.length === 0) throw new TlogError('bad-range', 'An empty range of leaves has no hash to fold');
  return hashes.reduceRight((right, left) => hashNode(left, right, sha256));
}

/** Inclusion proof of leaf `index` in the tree of `size` leaves whose nodes `node` reads. */
export function makeInclusionProof(index: number, size: number, node: NodeReader, sha256?: Sha256): Uint8Array[] {
  return inclusionProofRanges(index, size).map((range) => hashRange(range, node, sha256));
}

/** Consistency proof between two sizes of the tree whose nodes `node` reads. */
export function makeConsistencyProof(first: number, second: number, node: NodeReader, sha256?: Sha256): Uint8Array[] {
  return consistencyProofRanges(first, second).map((range) => hashRange(range, node, sha256));
}

/** The root that an inclusion proof leads to. Throws `bad-proof` unless it has just the elements of such a proof. */
export function rootFromInclusionProof(input: InclusionProof, sha256?: Sha256): Uint8Array {
  const { index, size, leafHash, proof } = input;
  checkHash(leafHash);
  let root = leafHash;
  for (const { range, hash } of pair(inclusionProofRanges(index, size), proof)) {
    root = range.start > index ? hashNode(root, hash, sha256) : hashNode(hash, root, sha256);
  }
  return root;
}

/** Throws `root-mismatch` unless the proof leads from the leaf to `root`. */
export function verifyInclusion(input: InclusionProof & { readonly root: Uint8Array }, sha256?: Sha256): void {
  expectRoot(rootFromInclusionProof(input, sha256), input.root, `Inclusion of leaf ${input.index} in ${input.size}`);
}

/**
 * Throws `root-mismatch` unless the proof shows that the tree of `secondRoot` extends that of `firstRoot`: its first
 * `first` leaves are the same. The roots themselves have to come from signed checkpoints.
 */
export function verifyConsistency(input: ConsistencyProof, sha256?: Sha256): void {
  const { first, second, proof, firstRoot, secondRoot } = input;
  const what = `Consistency of ${first} with ${second}`;
  const elements = pair(consistencyProofRanges(first, second), proof);
  if (first === 0) {
    expectRoot(EMPTY_ROOT, firstRoot, what);
    if (second === 0) expectRoot(EMPTY_ROOT, secondRoot, what);
    return;
  }
  // Both trees share the subtree that ends with the last leaf of the first one: the whole of it, or element 0.
  const shared = elements[0]?.range.end === first ? elements.shift()?.hash : undefined;
  let older = shared ?? firstRoot;
  let newer = older;
  for (const { range, hash } of elements) {
    if (range.start >= first) {
      newer = hashNode(newer, hash, sha256);
    } else {
      older = hashNode(hash, older, sha256);
      newer = hashNode(hash, newer, sha256);
    }
  }
  expectRoot(older, firstRoot, what);
  expectRoot(newer, secondRoot, what);
}

/** Where RFC 6962 splits a subtree: after the largest power of two that is smaller than its number of leaves. */
function splitPoint(start: number, end: number): number {
  return start + 2 ** floorLog2(end - start - 1);
}

function hashRange(range: LeafRange, node: NodeReader, sha256?: Sha256): Uint8Array {
  const subtrees = completeSubtrees(range.start, range.end);
  return foldSubtrees(
    subtrees.map(({ level, index }) => node(level, index)),
    sha256,
  );
}

/** Each range with its element of the proof; `bad-proof` if there are more or fewer elements than ranges. */
function pair(ranges: LeafRange[], proof: readonly Uint8Array[]): { range: LeafRange; hash: Uint8Array }[] {
  if (proof.length !== ranges.length) {
    throw new TlogError('bad-proof', `This proof has ${ranges.length} hashes, ${proof.length} were given`);
  }
  return ranges.map((range, i) => ({ range, hash: proof[i] as Uint8Array }));
}

function expectRoot(computed: Uint8Array, expected: Uint8Array, what: string): void {
  if (equalBytes(computed, expected)) return;
  throw new TlogError(
    'root-mismatch',
    `${what}: the proof leads to root ${toHex(computed)}, expected ${toHex(expected)}`,
  );
}
