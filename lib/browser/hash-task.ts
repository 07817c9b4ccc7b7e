import type { HashType } from '#lib/model-signing/resource.ts';
import { hashPieces, type Piece } from './hash-pieces.ts';
import type { HasherStore } from './hasher.ts';

/** A stretch of a file: all of it, or some of its shards. */
export interface Stretch {
  /** Of the file among those to hash. */
  readonly index: number;
  readonly file: Blob;
  readonly start: number;
  readonly end: number;
}

/** What a worker is asked for. */
export interface HashTask {
  readonly hashType: HashType;
  /** Bytes; null for one digest of the whole file. */
  readonly shardSize: number | null;
  readonly stretches: readonly Stretch[];
}

/** What a worker tells. `bytes` are those hashed since it last told. */
export type HashReport =
  | { readonly kind: 'progress'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'hashed'; readonly index: number; readonly pieces: readonly Piece[] }
  | { readonly kind: 'failed'; readonly index: number; readonly reason: string }
  | { readonly kind: 'idle' };

/** Small files are read a few at a time: one at a time, reading them would take longer than hashing them. */
const LANES = 4;

/** Does a task, and ends with `idle`. A file that fails stops no other. */
export async function runTask(task: HashTask, store: HasherStore, report: (report: HashReport) => void): Promise<void> {
  const waiting = [...task.stretches].reverse();
  const lane = async () => {
    for (let stretch = waiting.pop(); stretch; stretch = waiting.pop()) {
      await runStretch(stretch, task, store, report);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, waiting.length) }, lane));
  report({ kind: 'idle' });
}

async function runStretch(
  { index, file, start, end }: Stretch,
  { hashType, shardSize }: HashTask,
  store: HasherStore,
  report: (report: HashReport) => void,
): Promise<void> {
  try {
    const pieces = await hashPieces(file, {
      start,
      end,
      hashType,
      shardSize,
      store,
      onProgress: (bytes) => report({ kind: 'progress', index, bytes }),
    });
    report({ kind: 'hashed', index, pieces });
  } catch (error) {
    report({ kind: 'failed', index, reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'NotReadableError' || error.name === 'NotFoundError')) {
    return 'The browser cannot read the file: it was changed, moved or locked since it was chosen. Choose it again.';
  }
  return `The file could not be hashed: ${error instanceof Error ? error.message : String(error)}`;
}
