import { describe, expect, test } from 'vitest';
import { prefixRanges, rootsFromPrefixProof, suffixRanges } from '#lib/tlog/prefix-proof.ts';
import { MAX_SIZE } from '#lib/tlog/size.ts';
import { treeHash } from './reference-tree.ts';
import { refusal } from './refusal.ts';

const proofOf = (first: number, second: number) => ({
  first,
  second,
  prefix: prefixRanges(first).map(({ start, end }) => treeHash(start, end)),
  suffix: suffixRanges(first, second).map(({ start, end }) => treeHash(start, end)),
});

describe('the nodes before and behind the end of a smaller tree', () => {
  test('give both roots as RFC 6962 defines them, for every pair of sizes up to 130', () => {
    for (let second = 2; second <= 130; second++) {
      for (let first = 1; first < second; first++) {
        const { firstRoot, secondRoot } = rootsFromPrefixProof(proofOf(first, second));
        const isRight =
          Buffer.from(treeHash(0, first)).equals(firstRoot) && Buffer.from(treeHash(0, second)).equals(secondRoot);
        if (!isRight) expect.unreachable(`roots of ${first} and ${second}`);
      }
    }
  });

  test('cover the larger tree without gap or overlap, up to the largest size', () => {
    for (const [first, second] of [
      [1, 2],
      [4, 5],
      [MAX_SIZE - 1, MAX_SIZE],
      [1, MAX_SIZE],
      [2 ** 52, MAX_SIZE],
      [2 ** 52 + 12345, MAX_SIZE],
    ] as const) {
      let end = 0;
      for (const range of [...prefixRanges(first), ...suffixRanges(first, second)]) {
        expect(range.start).toBe(end);
        end = range.end;
      }
      expect(end).toBe(second);
    }
  });

  test('are refused in another number or of another length', () => {
    const proof = proofOf(5, 12);
    const [hash = new Uint8Array(32)] = proof.suffix;
    expect(() => rootsFromPrefixProof({ ...proof, prefix: proof.prefix.slice(1) })).toThrow(refusal('bad-proof'));
    expect(() => rootsFromPrefixProof({ ...proof, suffix: [...proof.suffix, hash] })).toThrow(refusal('bad-proof'));
    const short = proof.suffix.map((each) => each.subarray(1));
    expect(() => rootsFromPrefixProof({ ...proof, suffix: short })).toThrow(refusal('bad-hash'));
  });

  test.each([
    [0, 5],
    [5, 5],
    [6, 5],
    [-1, 5],
    [1.5, 5],
    [Number.NaN, 5],
    [1, 2 ** 53],
  ])('are refused for the sizes %d and %d', (first, second) => {
    expect(() => rootsFromPrefixProof({ first, second, prefix: [], suffix: [] })).toThrow(refusal('bad-range'));
  });
});
