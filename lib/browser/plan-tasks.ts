import { PickError } from './picked-file.ts';

const MIB = 1024 * 1024;
/** Files below this go to a worker many at a time: a message costs as much as a small file. */
const SMALL = MIB;
const MOST_IN_BATCH = 64;
/** Shards go to a worker together up to here. */
const STRETCH = 64 * MIB;

/** A list of more would be larger than a server takes. */
const MOST_PIECES = 200_000;

export interface PlannedStretch {
  /** Of the file among those to hash. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** @throws {PickError} where files give more digests than a list can hold. */
export function refuseTooManyPieces(sizes: readonly number[], shardSize: number | null): void {
  if (shardSize === null) return;
  const pieces = sizes.reduce((total, size) => total + Math.ceil(size / shardSize), 0);
  if (pieces <= MOST_PIECES) return;
  throw new PickError(
    `Shards of ${shardSize} bytes give ${pieces.toLocaleString('en-GB')} digests, and a list holds ${MOST_PIECES.toLocaleString('en-GB')}. Take the shard size that the model was signed with.`,
  );
}

/**
 * Cuts files into tasks for workers, the largest first, so that no worker is left alone with a large file at the end. A
 * file of shards is for several workers; one of a single digest can only be for one.
 *
 * @param sizes bytes of each file.
 */
export function planTasks(sizes: readonly number[], shardSize: number | null): PlannedStretch[][] {
  const large: PlannedStretch[] = [];
  const batches: PlannedStretch[][] = [];
  let batch: PlannedStretch[] = [];
  let batchSize = 0;
  for (const [index, size] of sizes.entries()) {
    if (size >= SMALL) {
      for (const stretch of stretchesOf(index, size, shardSize)) large.push(stretch);
      continue;
    }
    batch.push({ index, start: 0, end: size });
    batchSize += size;
    if (batch.length < MOST_IN_BATCH && batchSize < 4 * SMALL) continue;
    batches.push(batch);
    batch = [];
    batchSize = 0;
  }
  if (batch.length > 0) batches.push(batch);
  large.sort((a, b) => b.end - b.start - (a.end - a.start));
  return [...large.map((stretch) => [stretch]), ...batches];
}

function stretchesOf(index: number, size: number, shardSize: number | null): PlannedStretch[] {
  if (shardSize === null) return [{ index, start: 0, end: size }];
  const length = Math.max(1, Math.floor(STRETCH / shardSize)) * shardSize;
  return Array.from({ length: Math.ceil(size / length) }, (_, i) => ({
    index,
    start: i * length,
    end: Math.min(size, (i + 1) * length),
  }));
}
