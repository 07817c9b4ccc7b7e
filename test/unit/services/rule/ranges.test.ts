import { array, assert, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countIndices, mergeRanges, subtractRanges } from '#lib/services/rule/ranges.ts';

const ranges = array(
  tuple(nat(40), nat(8)).map(([startIndex, length]) => ({ startIndex, endIndex: startIndex + length })),
  { maxLength: 8 },
);
const indices = (list: readonly { startIndex: number; endIndex: number }[]) =>
  new Set(
    list.flatMap(({ startIndex, endIndex }) => Array.from({ length: endIndex - startIndex }, (_, i) => startIndex + i)),
  );

describe('ranges of indices', () => {
  it('merged hold the same indices, in order, and never touch each other', () => {
    assert(
      property(ranges, (list) => {
        const merged = mergeRanges(list);
        expect(indices(merged)).toEqual(indices(list));
        for (const [i, range] of merged.entries())
          expect(range.startIndex).toBeGreaterThan(merged[i - 1]?.endIndex ?? -1);
        expect(countIndices(merged)).toBe(indices(list).size);
      }),
    );
  });

  it('subtracted hold what only the first has', () => {
    assert(
      property(ranges, ranges, (whole, taken) => {
        expect(indices(subtractRanges(whole, taken))).toEqual(
          new Set([...indices(whole)].filter((index) => !indices(taken).has(index))),
        );
      }),
    );
  });
});
