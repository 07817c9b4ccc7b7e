import { TlogError } from './error.ts';
import { checkHash, hashNode, type Sha256 } from './hash.ts';
import { completeSubtrees, consistencyProofRanges, foldSubtrees, type LeafRange } from './proof.ts';
import { floorLog2, isSize } from './size.ts';

/**
 * What a tree says of its own first leaves. A consistency proof is made to fit two roots, and one that does not fit
 * proves nothing. These hashes are nodes of the larger tree alone: those that make up its first `first` leaves, and
 * those behind. All of them give the root of the larger tree; the first part gives the root that the smaller one
 * would have, were it the start of the larger.
 */
export interface PrefixProof {
  readonly first: number;
  readonly second: number;
  /** Hashes of `prefixRanges(first)`. */
  readonly prefix: readonly Uint8Array[];
  /** Hashes of `suffixRanges(first, second)`. */
  readonly suffix: readonly Uint8Array[];
}

/** The largest nodes of every tree of more than `first` leaves that lie before leaf `first`, left to right. */
export function prefixRanges(first: number): LeafRange[] {
  return completeSubtrees(0, first).map(({ level, index }) => {
    return { start: index * 2 ** level, end: (index + 1) * 2 ** level };
  });
}

/** The largest nodes of the tree of `second` leaves that lie from leaf `first` on, left to right. */
export function suffixRanges(first: number, second: number): LeafRange[] {
  return consistencyProofRanges(first, second)
    .filter(({ start }) => start >= first)
    .sort((a, b) => a.start - b.start);
}

/**
 * The root of the larger tree, and that of its first `first` leaves, as the hashes give them (RFC 6962, 2.1).
 * Throws `bad-range` unless 0 < first < second, `bad-proof` for another number of hashes, `bad-hash`.
 */
export function rootsFromPrefixProof(
  { first, second, prefix, suffix }: PrefixProof,
  sha256?: Sha256,
): { readonly firstRoot: Uint8Array; readonly secondRoot: Uint8Array } {
  if (!isSize(first) || !isSize(second) || first === 0 || first >= second) {
    throw new TlogError('bad-range', `Of ${second} leaves, the first ${first} are no smaller tree with leaves`);
  }
  const nodes = [
    ...pair(prefixRanges(first), prefix, 'before'),
    ...pair(suffixRanges(first, second), suffix, 'behind'),
  ];
  return { firstRoot: foldSubtrees(prefix, sha256), secondRoot: foldNodes(nodes, sha256) };
}

interface TreeNode extends LeafRange {
  readonly hash: Uint8Array;
}

/** The root of a tree from nodes that cover it, left to right: from the root down, split as RFC 6962 splits. */
function foldNodes(nodes: readonly TreeNode[], sha256?: Sha256): Uint8Array {
  let next = 0;
  const fold = (start: number, end: number): Uint8Array => {
    const node = nodes[next];
    if (node === undefined) throw new TlogError('bad-proof', `No hash covers the leaves from ${start} on`);
    if (node.start === start && node.end === end) {
      next++;
      return node.hash;
    }
    const split = start + 2 ** floorLog2(end - start - 1);
    const left = fold(start, split);
    return hashNode(left, fold(split, end), sha256);
  };
  return fold(0, nodes.at(-1)?.end ?? 0);
}

function pair(ranges: readonly LeafRange[], hashes: readonly Uint8Array[], where: string): TreeNode[] {
  if (hashes.length !== ranges.length) {
    throw new TlogError(
      'bad-proof',
      `${ranges.length} hashes stand ${where} the end of the smaller tree, ${hashes.length} were given`,
    );
  }
  return ranges.map((range, i) => {
    const hash = hashes[i] ?? new Uint8Array(0);
    checkHash(hash);
    return { ...range, hash };
  });
}
