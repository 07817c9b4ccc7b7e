import type { RekorV1Api } from './api.ts';
import { ENTRIES_PER_REQUEST } from './api.ts';
import { type BoundEntry, bindEntry, type TreePlace } from './bind-entry.ts';

export interface ReadTreeOptions {
  /** Requests under way at once. */
  readonly parallel: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the entries of a tree from `from` to `end` in order, ten a request and `parallel` requests ahead, each bound to
 * the signed head that came with it.
 *
 * @throws {FetchError | LogDataError} at the first that is missing or does not fit; what was yielded before stands.
 */
export async function* readTree(
  api: RekorV1Api,
  place: TreePlace,
  from: number,
  end: number,
  { parallel, signal }: ReadTreeOptions,
): AsyncGenerator<readonly BoundEntry[]> {
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const ahead: Promise<readonly BoundEntry[]>[] = [];
  let next = from;
  const begin = () => {
    const batch = readBatch(api, place, next, Math.min(end, next + ENTRIES_PER_REQUEST), both);
    // Awaited in order below; until then a failure must not count as unhandled.
    batch.catch(() => {});
    ahead.push(batch);
    next += ENTRIES_PER_REQUEST;
  };
  try {
    while (next < end || ahead.length > 0) {
      // Twice as many as are under way, so that one slow answer at the head of the row does not leave the server idle.
      while (next < end && ahead.length < 2 * parallel) begin();
      const batch = await ahead.shift();
      if (batch) yield batch;
    }
  } finally {
    stop.abort();
  }
}

async function readBatch(
  api: RekorV1Api,
  place: TreePlace,
  from: number,
  end: number,
  signal: AbortSignal,
): Promise<readonly BoundEntry[]> {
  const indices = Array.from({ length: end - from }, (_, i) => from + i);
  const answers = await api.entries(
    indices.map((index) => place.indexOffset + index),
    signal,
  );
  return answers.map((answer, i) => bindEntry(answer, from + i, place));
}
