import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { CtClient } from './ct-client.ts';

/** The most that is asked for at once. */
const MOST = 1024;
/** So many full answers one after the other, and more is asked for again. */
const PATIENCE = 16;

/** How many entries to ask a server for: what it gave of late, and now and then more. */
export class BatchSize {
  #size: number;
  /** The longest answer that was shorter than asked: the server's own limit, as far as it is known. */
  #limit = 0;
  #full = 0;

  constructor(size = MOST) {
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  /** Where the request from `from` on should end: at a multiple of the size, where servers cut their answers too. */
  endFrom(from: number): number {
    return from - (from % this.#size) + this.#size;
  }

  answered(got: number, asked: number): void {
    if (got < asked) {
      // Answers are cut at a server's limit and at its boundaries: the longest tells the limit.
      this.#limit = Math.max(this.#limit, got);
      this.#size = Math.min(this.#size, this.#limit);
      this.#full = 0;
    } else if (got === this.#size && ++this.#full >= PATIENCE) {
      this.#size = Math.min(MOST, this.#size * 2);
      this.#full = 0;
    }
  }

  /** An answer was too large to take, or to be given in time. */
  tooLarge(): void {
    this.#size = Math.max(1, Math.floor(this.#size / 2));
    this.#full = 0;
  }
}

/** How the leaves are read: requests under way at once, and the size of each. */
export interface ReadLeavesOptions {
  readonly batch: BatchSize;
  readonly parallel: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the leaves from index `from` up to `end` in order, some requests ahead. What came back is counted, and the rest
 * asked for: a short answer is no gap. Nothing is bound to anything yet.
 *
 * @throws {FetchError | LogDataError}
 */
export async function* readLeaves(
  client: CtClient,
  from: number,
  end: number,
  { batch, parallel, signal }: ReadLeavesOptions,
): AsyncGenerator<Uint8Array[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const ahead: Promise<Uint8Array[]>[] = [];
  let next = from;
  try {
    while (next < end || ahead.length > 0) {
      while (ahead.length < parallel && next < end) {
        const to = Math.min(batch.endFrom(next), end);
        const leaves = readSpan(client, next, to, batch, either);
        // Awaited in order below; until then a failure must not count as unhandled.
        leaves.catch(() => {});
        ahead.push(leaves);
        next = to;
      }
      yield (await ahead.shift()) ?? [];
    }
  } finally {
    stop.abort();
  }
}

async function readSpan(
  client: CtClient,
  from: number,
  end: number,
  batch: BatchSize,
  signal: AbortSignal,
): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  while (leaves.length < end - from) {
    const at = from + leaves.length;
    const to = Math.min(end, batch.endFrom(at));
    try {
      const got = await client.leaves(at, to, signal);
      batch.answered(got.length, to - at);
      for (const leaf of got) leaves.push(leaf);
    } catch (error) {
      const isTooLarge = error instanceof FetchError && error.code === 'too-large';
      if (!isTooLarge || to - at === 1) throw error;
      batch.tooLarge();
    }
  }
  return leaves;
}
