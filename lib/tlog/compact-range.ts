import { TlogError } from './error.ts';
import { checkHash, EMPTY_ROOT, HASH_BYTES, nobleSha256, type Sha256 } from './hash.ts';
import { foldSubtrees, type InclusionProof, inclusionProofRanges } from './proof.ts';
import { isSize, MAX_SIZE, popcount } from './size.ts';

/**
 * All that has to be kept of the leaves [0, size) to go on appending and to know the root: the roots of the complete
 * subtrees that make up the tree, one for each one bit of the size, largest and leftmost first.
 */
export class CompactRange {
  readonly #sha256: Sha256;
  #size: number;
  #hashes: Uint8Array[];

  private constructor(size: number, hashes: Uint8Array[], sha256: Sha256) {
    this.#size = size;
    this.#hashes = hashes;
    this.#sha256 = sha256;
  }

  static empty(sha256: Sha256 = nobleSha256): CompactRange {
    return new CompactRange(0, [], sha256);
  }

  /** The range of `size` leaves with these subtree roots, left to right. Throws `bad-range` if the number is wrong. */
  static from(size: number, hashes: readonly Uint8Array[], sha256: Sha256 = nobleSha256): CompactRange {
    if (!isSize(size) || hashes.length !== popcount(size)) {
      throw new TlogError('bad-range', `A compact range of size ${size} cannot have ${hashes.length} hashes`);
    }
    for (const hash of hashes) checkHash(hash);
    return new CompactRange(size, [...hashes], sha256);
  }

  /** What `toBytes` gave. Copies `bytes`; throws `bad-range` unless their length is that of a range of `size`. */
  static fromBytes(size: number, bytes: Uint8Array, sha256: Sha256 = nobleSha256): CompactRange {
    if (!isSize(size) || bytes.length !== popcount(size) * HASH_BYTES) {
      throw new TlogError('bad-range', `A compact range of size ${size} cannot have ${bytes.length} bytes`);
    }
    const hashes = Array.from({ length: popcount(size) }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    return new CompactRange(size, hashes, sha256);
  }

  get size(): number {
    return this.#size;
  }

  /** The subtree roots, left to right: a new array of the range's own hashes, not to be written to. */
  get hashes(): Uint8Array[] {
    return [...this.#hashes];
  }

  append(leafHash: Uint8Array): void {
    this.appendSubtree(0, leafHash);
  }

  /**
   * Appends 2^level leaves at once by the root of their complete subtree.
   * Throws `bad-range` unless the size is a multiple of 2^level, for else they are no subtree of this tree.
   */
  appendSubtree(level: number, hash: Uint8Array): void {
    checkHash(hash);
    const width = 2 ** level;
    if (!isSize(level) || this.#size % width !== 0 || width > MAX_SIZE - this.#size) {
      throw new TlogError('bad-range', `A subtree of level ${level} cannot follow ${this.#size} leaves`);
    }
    // As in binary addition: each one bit that the carry meets is a left neighbour to be joined with.
    let carries = 0;
    for (let index = this.#size / width; index % 2 === 1; index = (index - 1) / 2) carries++;
    const neighbours = this.#hashes.splice(this.#hashes.length - carries);
    this.#hashes.push(foldSubtrees([...neighbours, hash], this.#sha256));
    this.#size += width;
  }

  /** Root of the tree of these leaves (RFC 6962, 2.1). */
  root(): Uint8Array {
    return this.#size === 0 ? EMPTY_ROOT.slice() : foldSubtrees(this.#hashes, this.#sha256);
  }

  /** An independent range with the same leaves. */
  clone(): CompactRange {
    return new CompactRange(this.#size, [...this.#hashes], this.#sha256);
  }

  /** The hashes one after another, to be stored beside the size. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#hashes.length * HASH_BYTES);
    this.#hashes.forEach((hash, i) => {
      bytes.set(hash, i * HASH_BYTES);
    });
    return bytes;
  }
}

/**
 * The compact range of the leaves up to and including the one that an inclusion proof is of. The proof's hashes on the left
 * of the leaf are just the complete subtrees before it, from the smallest up.
 *
 * The range is as true as the proof: verify that first. Throws `bad-range` for an index outside the tree, and `bad-proof`
 * unless there are as many hashes as such a proof has.
 */
export function compactRangeFromInclusionProof(input: InclusionProof, sha256: Sha256 = nobleSha256): CompactRange {
  const { index, size, leafHash, proof } = input;
  const ranges = inclusionProofRanges(index, size);
  if (ranges.length !== proof.length) {
    throw new TlogError('bad-proof', `This proof has ${ranges.length} hashes, ${proof.length} were given`);
  }
  const left = proof.filter((_, i) => (ranges[i]?.start ?? index) < index);
  const range = CompactRange.from(index, left.reverse(), sha256);
  range.append(leafHash);
  return range;
}
