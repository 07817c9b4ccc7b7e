import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { EMPTY_ROOT, hashLeaf, hashNode } from '#lib/tlog/hash.ts';
import {
  completeSubtrees,
  consistencyProofRanges,
  foldSubtrees,
  inclusionProofRanges,
  makeConsistencyProof,
  makeInclusionProof,
  verifyConsistency,
  verifyInclusion,
} from '#lib/tlog/proof.ts';
import { MAX_SIZE, trailingZeros } from '#lib/tlog/size.ts';
import { consistencyPath, inclusionPath, treeHash } from './reference-tree.ts';
import { refusal } from './refusal.ts';

const LAST_SIZE = 300;
const sha256 = (data: Uint8Array) => hash('sha256', data, 'buffer');
const node = (level: number, index: number) => treeHash(index * 2 ** level, (index + 1) * 2 ** level);

describe('proofs of every tree of up to 300 leaves', () => {
  test('include every leaf, as RFC 6962 defines the path', () => {
    for (let size = 1; size <= LAST_SIZE; size++) {
      for (let index = 0; index < size; index++) {
        const proof = makeInclusionProof(index, size, node, sha256);
        const path = inclusionPath(index, 0, size);
        const leafHash = treeHash(index, index + 1);
        if (!sameHashes(proof, path)) expect.unreachable(`path of ${index} in ${size}`);
        verifyInclusion({ index, size, leafHash, proof, root: treeHash(0, size) }, sha256);
      }
    }
  });

  test('are consistent with every smaller tree, as RFC 6962 defines the proof', () => {
    for (let second = 1; second <= LAST_SIZE; second++) {
      for (let first = 1; first <= second; first++) {
        const proof = makeConsistencyProof(first, second, node, sha256);
        if (!sameHashes(proof, consistencyPath(first, second))) expect.unreachable(`proof ${first} to ${second}`);
        const [firstRoot, secondRoot] = [treeHash(0, first), treeHash(0, second)];
        verifyConsistency({ first, second, proof, firstRoot, secondRoot }, sha256);
      }
    }
  });

  test('have each range of leaves as their complete subtrees give it', () => {
    for (let size = 1; size <= LAST_SIZE; size++) {
      for (const { start, end } of [...inclusionProofRanges(size - 1, size), ...inclusionProofRanges(0, size)]) {
        const hashes = completeSubtrees(start, end).map(({ level, index }) => node(level, index));
        expect(foldSubtrees(hashes)).toEqual(treeHash(start, end));
      }
    }
  });
});

describe('a proof', () => {
  const inclusions = [
    [0, 1],
    [0, 2],
    [1, 2],
    [2, 3],
    [0, 7],
    [6, 7],
    [4, 5],
    [5, 8],
    [99, 100],
    [64, 129],
    [128, 129],
    [255, 256],
    [256, 300],
  ] as const;
  const consistencies = [
    [1, 2],
    [1, 3],
    [2, 3],
    [3, 4],
    [4, 7],
    [6, 7],
    [7, 8],
    [64, 100],
    [63, 128],
    [100, 300],
    [256, 300],
    [299, 300],
  ] as const;

  test.each(inclusions)('of inclusion of leaf %d in %d is refused with any bit or element changed', (index, size) => {
    const input = {
      index,
      size,
      leafHash: treeHash(index, index + 1),
      proof: inclusionPath(index, 0, size),
      root: treeHash(0, size),
    };
    verifyInclusion(input, sha256);
    for (const proof of wrongLengths(input.proof)) {
      expect(() => verifyInclusion({ ...input, proof }, sha256)).toThrow(refusal('bad-proof'));
    }
    for (const proof of rearranged(input.proof)) {
      expect(() => verifyInclusion({ ...input, proof }, sha256)).toThrow(refusal('root-mismatch'));
    }
    const wrong = [
      ...flipEachBitOfEach(input.proof).map((proof) => ({ ...input, proof })),
      ...flipEachBit(input.leafHash).map((leafHash) => ({ ...input, leafHash })),
      ...flipEachBit(input.root).map((root) => ({ ...input, root })),
    ];
    for (const mutated of wrong) expect(accepts(() => verifyInclusion(mutated, sha256))).toBe(false);
    for (let other = 0; other < size; other++) {
      if (other !== index) expect(accepts(() => verifyInclusion({ ...input, index: other }, sha256))).toBe(false);
    }
  });

  test.each(consistencies)(
    'of consistency of %d with %d is refused with any bit or element changed',
    (first, second) => {
      const input = {
        first,
        second,
        proof: consistencyPath(first, second),
        firstRoot: treeHash(0, first),
        secondRoot: treeHash(0, second),
      };
      verifyConsistency(input, sha256);
      for (const proof of wrongLengths(input.proof)) {
        expect(() => verifyConsistency({ ...input, proof }, sha256)).toThrow(refusal('bad-proof'));
      }
      for (const proof of rearranged(input.proof)) {
        expect(() => verifyConsistency({ ...input, proof }, sha256)).toThrow(refusal('root-mismatch'));
      }
      const wrong = [
        ...flipEachBitOfEach(input.proof).map((proof) => ({ ...input, proof })),
        ...flipEachBit(input.firstRoot).map((firstRoot) => ({ ...input, firstRoot })),
        ...flipEachBit(input.secondRoot).map((secondRoot) => ({ ...input, secondRoot })),
      ];
      for (const mutated of wrong) expect(accepts(() => verifyConsistency(mutated, sha256))).toBe(false);
    },
  );

  test('is refused when an element is not 32 bytes long', () => {
    const proof = inclusionPath(2, 0, 7).map((element, i) => (i === 1 ? element.subarray(1) : element));
    const input = { index: 2, size: 7, leafHash: treeHash(2, 3), proof, root: treeHash(0, 7) };
    expect(() => verifyInclusion(input)).toThrow(refusal('bad-hash'));
    expect(() => verifyInclusion({ ...input, proof: [], size: 1, index: 0, leafHash: new Uint8Array(0) })).toThrow(
      refusal('bad-hash'),
    );
  });

  test('of two trees that grew apart does not exist', () => {
    // The second tree holds another leaf 5; its own, honest proof must not lead to the first tree's root.
    const other = (level: number, index: number): Uint8Array => {
      if (level > 0) return hashNode(other(level - 1, 2 * index), other(level - 1, 2 * index + 1));
      return index === 5 ? hashLeaf(Uint8Array.of(5)) : node(0, index);
    };
    const fork = CompactRange.empty();
    for (let index = 0; index < 20; index++) fork.append(other(0, index));
    for (let first = 6; first <= 20; first++) {
      const proof = makeConsistencyProof(first, 20, other);
      const input = { first, second: 20, proof, firstRoot: treeHash(0, first), secondRoot: fork.root() };
      expect(() => verifyConsistency(input)).toThrow(refusal('root-mismatch'));
    }
  });
});

describe('consistency', () => {
  test('with the empty tree needs no proof, and every tree has it', () => {
    expect(consistencyProofRanges(0, 7)).toEqual([]);
    const input = { first: 0, second: 7, proof: [], firstRoot: EMPTY_ROOT, secondRoot: treeHash(0, 7) };
    verifyConsistency(input);
    verifyConsistency({ ...input, second: 0, secondRoot: EMPTY_ROOT });
    expect(() => verifyConsistency({ ...input, firstRoot: treeHash(0, 1) })).toThrow(refusal('root-mismatch'));
    expect(() => verifyConsistency({ ...input, second: 0 })).toThrow(refusal('root-mismatch'));
    expect(() => verifyConsistency({ ...input, proof: [treeHash(0, 7)] })).toThrow(refusal('bad-proof'));
  });

  test('of equal sizes needs no proof but equal roots', () => {
    const root = treeHash(0, 7);
    verifyConsistency({ first: 7, second: 7, proof: [], firstRoot: root, secondRoot: root });
    expect(() =>
      verifyConsistency({ first: 7, second: 7, proof: [], firstRoot: root, secondRoot: treeHash(0, 6) }),
    ).toThrow(refusal('root-mismatch'));
    expect(() => verifyConsistency({ first: 7, second: 7, proof: [root], firstRoot: root, secondRoot: root })).toThrow(
      refusal('bad-proof'),
    );
  });
});

describe('sizes up to 2^53 - 1', () => {
  // All leaves alike: the hash of a complete subtree depends on its level alone, so any tree is within reach.
  const levels = [hashLeaf(new Uint8Array(0))];
  for (let level = 1; level <= 53; level++)
    levels.push(hashNode(levels[level - 1] as Uint8Array, levels[level - 1] as Uint8Array));
  const uniform = (level: number) => levels[level] as Uint8Array;
  const uniformRoot = (size: number) => foldSubtrees(completeSubtrees(0, size).map(({ level }) => uniform(level)));
  const indexAndSize = fc
    .oneof(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()), fc.tuple(fc.maxSafeNat(), fc.constant(MAX_SIZE)))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    .filter(([index, size]) => index > 0 && index < size);

  test('have inclusion proofs that verify and cover each leaf once', () => {
    fc.assert(
      fc.property(indexAndSize, ([index, size]) => {
        const ranges = inclusionProofRanges(index, size);
        const cover = [...ranges, { start: index, end: index + 1 }].sort((a, b) => a.start - b.start);
        expect(cover.at(0)?.start).toBe(0);
        expect(cover.at(-1)?.end).toBe(size);
        for (const [i, { end }] of cover.slice(0, -1).entries()) expect(cover[i + 1]?.start).toBe(end);
        const proof = makeInclusionProof(index, size, uniform);
        verifyInclusion({ index, size, leafHash: uniform(0), proof, root: uniformRoot(size) });
      }),
      { numRuns: 30 },
    );
  });

  test('have consistency proofs that verify', () => {
    fc.assert(
      fc.property(indexAndSize, ([first, second]) => {
        const proof = makeConsistencyProof(first, second, uniform);
        const [firstRoot, secondRoot] = [uniformRoot(first), uniformRoot(second)];
        verifyConsistency({ first, second, proof, firstRoot, secondRoot });
      }),
      { numRuns: 30 },
    );
  });

  test('fall into complete subtrees, each aligned and none to be joined with the next', () => {
    fc.assert(
      fc.property(indexAndSize, ([start, end]) => {
        let at = start;
        for (const { level, index } of completeSubtrees(start, end)) {
          expect(index * 2 ** level).toBe(at);
          const larger = 2 ** (level + 1);
          expect(trailingZeros(at) === level || at + larger > end).toBe(true);
          at += 2 ** level;
        }
        expect(at).toBe(end);
      }),
    );
  });

  test.each([
    [-1, 1],
    [1, 1],
    [2, 1],
    [0, 0],
    [0.5, 2],
    [0, 2 ** 53],
    [Number.NaN, 2],
  ])('have no leaf %d in a tree of %d', (index, size) => {
    expect(() => inclusionProofRanges(index, size)).toThrow(refusal('bad-range'));
  });

  test.each([
    [2, 1],
    [-1, 1],
    [1, 2 ** 53],
    [0.5, 1],
    [0, Number.POSITIVE_INFINITY],
  ])('have no consistency proof from %d to %d', (first, second) => {
    expect(() => consistencyProofRanges(first, second)).toThrow(refusal('bad-range'));
    expect(() => completeSubtrees(first, second)).toThrow(refusal('bad-range'));
  });
});

function sameHashes(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return Buffer.concat(a).equals(Buffer.concat(b));
}

function accepts(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

function flipEachBit(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return flipped;
  });
}

function flipEachBitOfEach(proof: readonly Uint8Array[]): Uint8Array[][] {
  return proof.flatMap((element, i) => flipEachBit(element).map((flipped) => proof.with(i, flipped)));
}

function wrongLengths(proof: readonly Uint8Array[]): Uint8Array[][] {
  const extra = treeHash(0, 1);
  return [
    [...proof, extra],
    [extra, ...proof],
    ...proof.map((_, i) => proof.toSpliced(i, 1)),
    ...proof.map((element, i) => proof.toSpliced(i, 0, element)),
  ];
}

function rearranged(proof: readonly Uint8Array[]): Uint8Array[][] {
  const swapped = proof
    .slice(1)
    .map((_, i) => proof.toSpliced(i, 2, proof[i + 1] as Uint8Array, proof[i] as Uint8Array));
  const replaced = proof.map((_, i) => proof.with(i, treeHash(298, 300)));
  return [...swapped, ...replaced];
}
