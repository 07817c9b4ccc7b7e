import { Worker } from 'node:worker_threads';
import type { HashedHow } from './hash-cache.ts';
import type { HashedSpan, Span } from './hash-span.ts';
import type { HashAnswer } from './hash-worker.ts';
import { ModelFilesError } from './model-files-error.ts';

export interface PoolHashing extends HashedHow {
  readonly workers: number;
  /** Told how many bytes were hashed since it was last told. */
  readonly onProgress?: (bytes: number) => void;
}

type Failure = NonNullable<Extract<HashAnswer, { failure: unknown }>['failure']>;

/** A thread has a second task waiting, where both are small, so that it need not wait for this one. */
const MOST_TASKS = 2;
const SMALL_TASK = 8 * 1024 * 1024;

/**
 * Hashes the tasks in threads of its own, which are ended with it. Of several failures the first file's is thrown,
 * whichever thread was quicker, as if one file was hashed after the other.
 *
 * @throws {ModelFilesError} where a file cannot be hashed; another error where a thread dies.
 */
export async function hashInThreads(tasks: readonly (readonly Span[])[], how: PoolHashing): Promise<HashedSpan[]> {
  const run = new PoolRun(tasks, how);
  try {
    return await run.start();
  } finally {
    await run.close();
  }
}

class PoolRun {
  readonly #result = Promise.withResolvers<HashedSpan[]>();
  readonly #queue: (readonly Span[])[];
  readonly #how: PoolHashing;
  readonly #hashed: HashedSpan[] = [];
  readonly #threads: Thread[] = [];
  #failure: Failure | null = null;

  constructor(tasks: readonly (readonly Span[])[], how: PoolHashing) {
    this.#queue = [...tasks].reverse();
    this.#how = how;
  }

  async start(): Promise<HashedSpan[]> {
    this.#attempt(() => {
      const count = Math.min(this.#how.workers, this.#queue.length);
      for (let i = 0; i < count; i++) this.#threads.push(this.#startThread());
      for (const thread of this.#threads) this.#feed(thread);
      this.#finish();
    });
    return await this.#result.promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #startThread(): Thread {
    const { hashType, shardSize } = this.#how;
    const workerData: HashedHow = { hashType, shardSize };
    const reject = (error: unknown) => this.#result.reject(error);
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { workerData });
    const thread: Thread = { worker, tasks: [] };
    worker.on('message', (answer: HashAnswer) => this.#attempt(() => this.#take(thread, answer)));
    worker.on('error', reject);
    worker.on('messageerror', reject);
    worker.on('exit', (code) => reject(new Error(`A thread that hashes ended by itself (${code}).`)));
    return thread;
  }

  /** What goes wrong here, in a callback of the caller's too, is the run's own error and no process's end. */
  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#result.reject(error);
    }
  }

  #take(thread: Thread, answer: HashAnswer): void {
    if ('progress' in answer) {
      this.#how.onProgress?.(answer.progress);
      return;
    }
    thread.tasks.shift();
    for (const span of answer.hashed) this.#hashed.push(span);
    const { failure } = answer;
    if (failure && (this.#failure === null || failure.index < this.#failure.index)) this.#failure = failure;
    this.#feed(thread);
    this.#finish();
  }

  #feed(thread: Thread): void {
    while (thread.tasks.length < MOST_TASKS && thread.tasks.every(isSmall)) {
      const next = this.#queue.at(-1);
      if (!next || (thread.tasks.length > 0 && !isSmall(next))) return;
      this.#queue.pop();
      // Once a file has failed only those before it matter: one of them may fail first.
      const task = next.filter(({ index }) => index < (this.#failure?.index ?? Number.POSITIVE_INFINITY));
      if (task.length === 0) continue;
      thread.tasks.push(task);
      thread.worker.postMessage(task);
    }
  }

  #finish(): void {
    if (this.#threads.some(({ tasks }) => tasks.length > 0)) return;
    if (this.#failure === null) this.#result.resolve(this.#hashed);
    else this.#result.reject(errorOf(this.#failure));
  }
}

interface Thread {
  readonly worker: Worker;
  /** Sent and not answered, in order. */
  readonly tasks: (readonly Span[])[];
}

function isSmall(task: readonly Span[]): boolean {
  return task.reduce((bytes, { start, end }) => bytes + end - start, 0) <= SMALL_TASK;
}

function errorOf({ code, message }: Failure): Error {
  return code === null ? new Error(message) : new ModelFilesError(code, message);
}
