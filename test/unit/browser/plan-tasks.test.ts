import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PickError } from '#lib/browser/picked-file.ts';
import { planTasks, refuseTooManyPieces } from '#lib/browser/plan-tasks.ts';

const MIB = 1024 * 1024;

describe('plans of hashing', () => {
  it('cover every byte of every file once, with shards whole', () => {
    const sizes = fc.array(fc.oneof(fc.nat(5000), fc.integer({ min: MIB, max: 400 * MIB })), { maxLength: 150 });
    const shard = fc.option(fc.integer({ min: MIB, max: 100 * MIB }), { nil: null });
    fc.assert(
      fc.property(sizes, shard, (all, shardSize) => {
        const stretches = planTasks(all, shardSize).flat();
        for (const [index, size] of all.entries()) {
          const own = stretches.filter((stretch) => stretch.index === index).sort((a, b) => a.start - b.start);
          expect(own.at(0)?.start).toBe(0);
          expect(own.at(-1)?.end).toBe(size);
          for (const [i, { start }] of own.entries()) {
            if (i > 0) expect(start).toBe(own[i - 1]?.end);
            if (shardSize !== null) expect(start % shardSize).toBe(0);
          }
        }
      }),
    );
  });

  it('begin with the largest files, and give small ones many at a time', () => {
    const tasks = planTasks([10, 3 * MIB, 20, 9 * MIB, ...Array.from({ length: 200 }, () => 5)], null);
    expect(tasks.slice(0, 2)).toEqual([[{ index: 3, start: 0, end: 9 * MIB }], [{ index: 1, start: 0, end: 3 * MIB }]]);
    expect(tasks.slice(2).map((task) => task.length)).toEqual([64, 64, 64, 10]);
  });

  it('give a large file to one worker, and its shards to several', () => {
    expect(planTasks([300 * MIB], null)).toHaveLength(1);
    expect(planTasks([300 * MIB], 50 * MIB)).toHaveLength(6);
  });

  it('refuse shards so small that no list could hold them', () => {
    expect(() => refuseTooManyPieces([1_000_000], 1)).toThrow(PickError);
    expect(() => refuseTooManyPieces([1_000_000], 10)).not.toThrow();
    expect(() => refuseTooManyPieces([1e12], null)).not.toThrow();
  });
});
