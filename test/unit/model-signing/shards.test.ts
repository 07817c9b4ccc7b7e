import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { refuseBrokenShards } from '#lib/model-signing/shards.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';

const shard = (path: string, start: number, end: number): OmsResource => ({
  name: `${path}:${start}:${end}`,
  algorithm: 'sha256',
  digest: '00'.repeat(32),
  shard: { path, start, end },
});

function isTaken(shards: readonly OmsResource[], shardSize: number): boolean {
  try {
    refuseBrokenShards(shards, shardSize);
    return true;
  } catch (error) {
    if (error instanceof StatementError && error.code === 'bad-shards') return false;
    throw error;
  }
}

/** The shards of a file of this size. */
const cut = (path: string, size: number, shardSize: number) =>
  Array.from({ length: Math.ceil(size / shardSize) }, (_, i) =>
    shard(path, i * shardSize, Math.min(size, (i + 1) * shardSize)),
  );

const file = fc.record({ size: fc.integer({ min: 1, max: 40 }), shardSize: fc.integer({ min: 1, max: 9 }) });

describe('the shards of a file', () => {
  it('are taken where they cover it whole, in any order, beside those of others', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 40 }), fc.boolean(), ({ size, shardSize }, other, isReversed) => {
        const shards = [...cut('w', size, shardSize), ...cut('v', other, shardSize)];
        expect(isTaken(isReversed ? shards.reverse() : shards, shardSize)).toBe(true);
      }),
    );
  });

  it('are refused with one missing that is not the last', () => {
    fc.assert(
      fc.property(file, fc.nat(), ({ size, shardSize }, at) => {
        const shards = cut('w', size, shardSize);
        fc.pre(shards.length > 1);
        shards.splice(at % (shards.length - 1), 1);
        expect(isTaken(shards, shardSize)).toBe(false);
      }),
    );
  });

  it('are refused with one moved, shortened before the last, or longer than the manifest says', () => {
    const shards = cut('w', 20, 8);
    expect(isTaken(shards, 8)).toBe(true);
    expect(isTaken(shards, 9)).toBe(false);
    expect(isTaken(shards, 7)).toBe(false);
    expect(isTaken([shard('w', 0, 8), shard('w', 7, 15)], 8)).toBe(false);
    expect(isTaken([shard('w', 0, 8), shard('w', 9, 15)], 8)).toBe(false);
    expect(isTaken([shard('w', 0, 6), shard('w', 6, 14)], 8)).toBe(false);
    expect(isTaken([shard('w', 1, 8)], 8)).toBe(false);
    expect(isTaken([shard('w', 0, 8), shard('w', 0, 8)], 8)).toBe(false);
  });
});
