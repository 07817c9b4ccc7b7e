import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompactRange, compactRangeFromInclusionProof } from '#lib/tlog/compact-range.ts';
import { completeSubtrees, inclusionProofRanges, makeInclusionProof, rootFromInclusionProof } from '#lib/tlog/proof.ts';
import { MAX_SIZE } from '#lib/tlog/size.ts';
import { treeHash } from './reference-tree.ts';
import { refusal } from './refusal.ts';

const LAST_SIZE = 300;
const sha256 = (data: Uint8Array) => hash('sha256', data, 'buffer');
const node = (level: number, index: number) => treeHash(index * 2 ** level, (index + 1) * 2 ** level);

/** The compact range of the first `size` leaves by its definition. */
function reference(size: number): CompactRange {
  const hashes = completeSubtrees(0, size).map(({ level, index }) => node(level, index));
  return CompactRange.from(size, hashes, sha256);
}

describe('a compact range', () => {
  test('has the root of the tree at every size to 300, leaf by leaf', () => {
    const range = CompactRange.empty(sha256);
    for (let size = 0; size <= LAST_SIZE; size++) {
      expect(range.size).toBe(size);
      expect(Buffer.compare(range.root(), treeHash(0, size))).toBe(0);
      expect(Buffer.compare(range.toBytes(), reference(size).toBytes())).toBe(0);
      range.append(node(0, size));
    }
  });

  test('is the same from every size to every other up to 300, by whole subtrees', () => {
    for (let start = 0; start <= LAST_SIZE; start++) {
      const from = reference(start);
      for (let end = start; end <= LAST_SIZE; end++) {
        const range = from.clone();
        for (const { level, index } of completeSubtrees(start, end)) range.appendSubtree(level, node(level, index));
        if (range.size !== end || Buffer.compare(range.root(), treeHash(0, end)) !== 0) {
          expect.unreachable(`${start} to ${end}`);
        }
      }
      expect(Buffer.compare(from.root(), treeHash(0, start))).toBe(0);
    }
  });

  test('is the same whichever way the leaves are grouped', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8), { maxLength: 60 }), (wishes) => {
        const range = CompactRange.empty(sha256);
        for (const wish of wishes) {
          let level = wish;
          while (range.size % 2 ** level !== 0) level--;
          if (range.size + 2 ** level > 2 * LAST_SIZE) break;
          range.appendSubtree(level, node(level, range.size / 2 ** level));
        }
        expect(Buffer.compare(range.root(), treeHash(0, range.size))).toBe(0);
        expect(Buffer.compare(range.toBytes(), reference(range.size).toBytes())).toBe(0);
      }),
    );
  });

  test('is stored and read back', () => {
    for (const size of [0, 1, 2, 3, 255, 256, 300]) {
      const bytes = reference(size).toBytes();
      const range = CompactRange.fromBytes(size, bytes);
      bytes.fill(0);
      range.append(node(0, size));
      expect(Buffer.compare(range.root(), treeHash(0, size + 1))).toBe(0);
    }
  });

  test('refuses hashes that its size does not have', () => {
    const leaf = node(0, 0);
    expect(() => CompactRange.from(3, [leaf])).toThrow(refusal('bad-range'));
    expect(() => CompactRange.from(4, [leaf, leaf])).toThrow(refusal('bad-range'));
    expect(() => CompactRange.from(-1, [])).toThrow(refusal('bad-range'));
    expect(() => CompactRange.from(1, [leaf.subarray(1)])).toThrow(refusal('bad-hash'));
    expect(() => CompactRange.fromBytes(3, new Uint8Array(63))).toThrow(refusal('bad-range'));
    expect(() => CompactRange.fromBytes(2 ** 53, new Uint8Array(32))).toThrow(refusal('bad-range'));
  });

  test('refuses a subtree that would not be one of the tree, and stays as it was', () => {
    const range = reference(6);
    for (const level of [2, 3, 53, -1, 0.5, Number.NaN]) {
      expect(() => range.appendSubtree(level, node(0, 0))).toThrow(refusal('bad-range'));
    }
    expect(() => range.append(new Uint8Array(31))).toThrow(refusal('bad-hash'));
    range.appendSubtree(1, node(1, 3));
    expect(Buffer.compare(range.root(), treeHash(0, 8))).toBe(0);
  });

  test('ends at 2^53 - 1 leaves', () => {
    const any = Array.from({ length: 53 }, () => node(0, 0));
    const full = CompactRange.from(MAX_SIZE, any);
    expect(() => full.append(node(0, 0))).toThrow(refusal('bad-range'));
    const nearly = CompactRange.from(MAX_SIZE - 1, any.slice(1));
    nearly.append(node(0, 0));
    expect(nearly.size).toBe(MAX_SIZE);
    expect(nearly.hashes).toHaveLength(53);
    const high = CompactRange.from(2 ** 52, [node(0, 0)]);
    expect(() => high.appendSubtree(52, node(0, 0))).toThrow(refusal('bad-range'));
    high.appendSubtree(51, node(0, 1));
    expect(high.size).toBe(2 ** 52 + 2 ** 51);
  });

  test('is not changed through what it hands out', () => {
    const range = reference(5);
    range.hashes.pop();
    range.clone().append(node(0, 5));
    CompactRange.empty().root().fill(0);
    expect(Buffer.compare(range.root(), treeHash(0, 5))).toBe(0);
    expect(Buffer.compare(CompactRange.empty().root(), treeHash(0, 0))).toBe(0);
  });
});

describe('a compact range from an inclusion proof', () => {
  test('is that of every prefix of every tree of up to 300 leaves', () => {
    for (let size = 1; size <= LAST_SIZE; size++) {
      for (let index = 0; index < size; index++) {
        const proof = makeInclusionProof(index, size, node, sha256);
        const range = compactRangeFromInclusionProof({ index, size, leafHash: node(0, index), proof }, sha256);
        if (range.size !== index + 1 || Buffer.compare(range.toBytes(), reference(index + 1).toBytes()) !== 0) {
          expect.unreachable(`${index} of ${size}`);
        }
      }
    }
  });

  test('gives the root of the whole tree at its last leaf, whatever the hashes', () => {
    const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const tree = fc.integer({ min: 1, max: MAX_SIZE }).chain((size) => {
      const length = inclusionProofRanges(size - 1, size).length;
      return fc.tuple(fc.constant(size), hashes, fc.array(hashes, { minLength: length, maxLength: length }));
    });
    fc.assert(
      fc.property(tree, ([size, leafHash, proof]) => {
        const input = { index: size - 1, size, leafHash, proof };
        const root = compactRangeFromInclusionProof(input, sha256).root();
        expect(Buffer.compare(root, rootFromInclusionProof(input, sha256))).toBe(0);
      }),
    );
  });

  test('refuses a leaf outside the tree, and a proof of another length', () => {
    const leafHash = node(0, 3);
    const proof = makeInclusionProof(3, 7, node, sha256);
    expect(() => compactRangeFromInclusionProof({ index: 7, size: 7, leafHash, proof })).toThrow(refusal('bad-range'));
    for (const wrong of [proof.slice(1), [...proof, leafHash], []]) {
      expect(() => compactRangeFromInclusionProof({ index: 3, size: 7, leafHash, proof: wrong })).toThrow(
        refusal('bad-proof'),
      );
    }
  });
});
