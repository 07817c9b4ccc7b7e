import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileToHash, planSpans } from '#lib/model-files/plan-spans.ts';

const MIB = 1024 * 1024;
const fileSizes = fc.array(fc.oneof(fc.nat(2000), fc.nat(300 * MIB)), { maxLength: 300 });
const toFiles = (sizes: readonly number[]): FileToHash[] => sizes.map((size, i) => ({ path: `f${i}`, size }));

describe('a plan of what threads hash', () => {
  it('has every byte of every file once, and cuts shards nowhere', () => {
    fc.assert(
      fc.property(fileSizes, fc.option(fc.integer({ min: 1, max: 200 * MIB })), (sizes, asked) => {
        // Shards of a few bytes of large files are refused elsewhere.
        const shardSize = asked === null ? null : Math.max(asked, 4096);
        const spans = planSpans(toFiles(sizes), shardSize).flat();
        for (const [index, size] of sizes.entries()) {
          const own = spans.filter((span) => span.index === index).sort((a, b) => a.start - b.start);
          expect(own[0]?.start).toBe(0);
          expect(own.at(-1)?.end).toBe(size);
          expect(own.every(({ end }, i) => i === own.length - 1 || own[i + 1]?.start === end)).toBe(true);
          if (shardSize === null) expect(own).toHaveLength(1);
          else expect(own.every(({ start }) => start % shardSize === 0)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('begins with the largest', () => {
    const plan = planSpans(toFiles([10, 5 * MIB, 30, 9 * MIB, 2 * MIB]), null);
    expect(plan.map((task) => task.map(({ index }) => index))).toEqual([[3], [1], [4], [0, 2]]);
  });

  it('gives the shards of one file to several threads, and small files many at a time', () => {
    expect(planSpans(toFiles([640 * MIB]), MIB)).toHaveLength(10);
    const tasks = planSpans(toFiles(Array.from({ length: 1000 }, () => 100)), null);
    expect(tasks.length).toBeLessThan(10);
    expect(tasks.length).toBeGreaterThan(4);
  });
});
