// One thread of hash-pool.ts. It hashes what it is sent until it is ended.
import { parentPort, workerData } from 'node:worker_threads';
import type { HashedHow } from './hash-cache.ts';
import { type HashedSpan, hashSpan, READ_AT_ONCE, type Span } from './hash-span.ts';
import { createHasher } from './hasher.ts';
import { ModelFilesError, type ModelFilesErrorCode } from './model-files-error.ts';

export type HashAnswer =
  /** Bytes hashed since the last such answer. */
  | { readonly progress: number }
  | {
      /** Up to the failure, if there is one. */
      readonly hashed: readonly HashedSpan[];
      readonly failure: {
        readonly index: number;
        /** Null for what is no fault of the files. */
        readonly code: ModelFilesErrorCode | null;
        readonly message: string;
      } | null;
    };

const TOLD_EVERY = 16 * 1024 * 1024;

const { hashType, shardSize } = workerData as HashedHow;
const hasher = await createHasher(hashType);
const buffer = Buffer.allocUnsafeSlow(READ_AT_ONCE);
let untold = 0;

parentPort?.on('message', (spans: readonly Span[]) => {
  const answer = hashAll(spans);
  tell(0);
  parentPort?.postMessage(answer);
});

function hashAll(spans: readonly Span[]): HashAnswer {
  const hashed: HashedSpan[] = [];
  for (const span of spans) {
    try {
      hashed.push(hashSpan(span, { hasher, shardSize, buffer, onProgress }));
    } catch (error) {
      const code = error instanceof ModelFilesError ? error.code : null;
      const message = error instanceof Error ? error.message : String(error);
      return { hashed, failure: { index: span.index, code, message } };
    }
  }
  return { hashed, failure: null };
}

function onProgress(bytes: number): void {
  untold += bytes;
  tell(TOLD_EVERY);
}

function tell(from: number): void {
  if (untold <= from) return;
  parentPort?.postMessage({ progress: untold } satisfies HashAnswer);
  untold = 0;
}
