import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashLeaf, hashNode, nobleSha256 } from '#lib/tlog/hash.ts';
import { makeInclusionProof } from '#lib/tlog/proof.ts';
import { compactRangeFromInclusionProof } from '#lib/tlog/range-from-proof.ts';

const leaves = Array.from({ length: 70 }, (_, i) => hashLeaf(Uint8Array.of(i)));
const node = (level: number, index: number): Uint8Array =>
  level === 0 ? (leaves[index] as Uint8Array) : hashNode(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
const rangeOf = (size: number) => {
  const range = CompactRange.empty();
  for (const leaf of leaves.slice(0, size)) range.append(leaf);
  return range;
};
const places = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
const inputOf = (index: number, size: number) => ({
  index,
  size,
  leafHash: leaves[index] as Uint8Array,
  proof: makeInclusionProof(index, size, node),
  root: rangeOf(size).root(),
});

describe('compactRangeFromInclusionProof', () => {
  it('gives the range of the leaves up to the one proved, from which the tree can be read on', () => {
    fc.assert(
      fc.property(places, ([index, size]) => {
        const range = compactRangeFromInclusionProof(inputOf(index, size));
        expect(range.toBytes()).toEqual(rangeOf(index + 1).toBytes());
        for (const leaf of leaves.slice(index + 1, size)) range.append(leaf);
        expect(range.root()).toEqual(rangeOf(size).root());
      }),
    );
  });

  it('refuses a proof of which any hash is another, or that is of another place', () => {
    fc.assert(
      fc.property(places, fc.nat(), ([index, size], at) => {
        const input = inputOf(index, size);
        if (input.proof.length === 0) return;
        const proof = input.proof.map((hash, i) => (i === at % input.proof.length ? nobleSha256(hash) : hash));
        expect(() => compactRangeFromInclusionProof({ ...input, proof })).toThrow();
        expect(() => compactRangeFromInclusionProof({ ...input, proof: input.proof.slice(1) })).toThrow();
      }),
    );
  });
});
