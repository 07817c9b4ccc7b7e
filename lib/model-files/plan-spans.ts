import type { Span } from './hash-span.ts';

/** A file to hash. */
export interface FileToHash {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

const MIB = 1024 * 1024;
/** Files below this go to a thread many at a time: a message costs as much as a small file. */
const SMALL = MIB;
const MOST_IN_BATCH = 128;
/** Shards go to a thread together up to here. */
const STRETCH = 64 * MIB;

/**
 * Cuts files into tasks for threads, the largest first, so that none is left alone with a large file at the end. A file
 * of shards is for several threads; one of a single digest can only be for one.
 */
export function planSpans(files: readonly FileToHash[], shardSize: number | null): Span[][] {
  const large: Span[] = [];
  const batches: Span[][] = [];
  let batch: Span[] = [];
  let batchSize = 0;
  for (const [index, { path, size }] of files.entries()) {
    const spans = stretchesOf(size, shardSize).map(([start, end]) => ({ index, path, size, start, end }));
    if (size >= SMALL) {
      for (const span of spans) large.push(span);
      continue;
    }
    batch.push(...spans);
    batchSize += size;
    if (batch.length < MOST_IN_BATCH && batchSize < 4 * SMALL) continue;
    batches.push(batch);
    batch = [];
    batchSize = 0;
  }
  if (batch.length > 0) batches.push(batch);
  large.sort((a, b) => b.end - b.start - (a.end - a.start));
  return [...large.map((span) => [span]), ...batches];
}

function stretchesOf(size: number, shardSize: number | null): [start: number, end: number][] {
  if (shardSize === null || size === 0) return [[0, size]];
  const length = Math.max(1, Math.floor(STRETCH / shardSize)) * shardSize;
  return Array.from({ length: Math.ceil(size / length) }, (_, i) => [i * length, Math.min(size, (i + 1) * length)]);
}
