import type { HashType } from '#lib/model-signing/resource.ts';
import type { Piece } from './hash-pieces.ts';
import type { HashReport, HashTask } from './hash-task.ts';
import type { PickedFile } from './picked-file.ts';
import { planTasks, refuseTooManyPieces } from './plan-tasks.ts';

/** What the pool needs of a worker; browsers' `Worker` is one. It tells by `message`, and by `error` that it is gone. */
export interface HashWorker extends EventTarget {
  postMessage(task: HashTask): void;
  terminate(): void;
}

export interface PoolOptions {
  readonly hashType: HashType;
  /** Bytes; null for one digest of each whole file. */
  readonly shardSize: number | null;
  readonly workers: number;
  readonly createWorker: () => HashWorker;
  /** Ends all workers at once. */
  readonly signal: AbortSignal;
  /** Told of each file how many bytes were hashed since it was last told. */
  readonly onProgress: (index: number, bytes: number) => void;
  /** Told once of each file. */
  readonly onFile: (index: number, outcome: FileOutcome) => void;
}

/** The digests of a file, its shards in order, or why there are none. */
export type FileOutcome = { readonly pieces: readonly Piece[] } | { readonly reason: string };

const MOST_WORKERS = 4;

export function workerCount(): number {
  return Math.max(1, Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS));
}

export function createHashWorker(): HashWorker {
  return new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
}

/**
 * Hashes files in a pool of workers. A file that fails, or a worker that dies, stops no other file.
 *
 * @returns one outcome a file, in their order.
 * @throws {PickError} for more than 200,000 shards; the signal's reason where it was aborted.
 */
export async function hashFiles(files: readonly PickedFile[], options: PoolOptions): Promise<FileOutcome[]> {
  options.signal.throwIfAborted();
  return new Pool(files, options).run();
}

class Pool {
  readonly #options: PoolOptions;
  readonly #waiting: HashTask[];
  readonly #parts: { left: number; pieces: Piece[]; outcome: FileOutcome | null }[];
  readonly #busy = new Map<HashWorker, HashTask>();
  readonly #result = Promise.withResolvers<FileOutcome[]>();

  constructor(files: readonly PickedFile[], options: PoolOptions) {
    const { hashType, shardSize } = options;
    this.#options = options;
    const sizes = files.map(({ file }) => file.size);
    refuseTooManyPieces(sizes, shardSize);
    const tasks = planTasks(sizes, shardSize);
    this.#parts = files.map(() => ({ left: 0, pieces: [], outcome: null }));
    this.#waiting = tasks.map((stretches) => ({
      hashType,
      shardSize,
      stretches: stretches.flatMap(({ index, start, end }) => {
        const [picked, part] = [files[index], this.#parts[index]];
        if (!picked || !part) return [];
        part.left++;
        return [{ index, file: picked.file, start, end }];
      }),
    }));
    this.#waiting.reverse();
  }

  async run(): Promise<FileOutcome[]> {
    const { signal, workers, createWorker } = this.#options;
    const stop = () => this.#result.reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const all: HashWorker[] = [];
    try {
      const count = Math.min(workers, this.#waiting.length);
      while (all.length < count) all.push(this.#start(createWorker()));
      for (const worker of all) this.#give(worker);
      this.#endIfDone();
      return await this.#result.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      for (const worker of all) worker.terminate();
    }
  }

  #start(worker: HashWorker): HashWorker {
    worker.addEventListener('message', (event) => this.#take((event as MessageEvent<HashReport>).data, worker));
    worker.addEventListener('error', (event) => this.#lose(worker, (event as Partial<ErrorEvent>).message));
    return worker;
  }

  #give(worker: HashWorker): void {
    const task = this.#waiting.pop();
    if (!task) return;
    this.#busy.set(worker, task);
    worker.postMessage(task);
  }

  #take(report: HashReport, worker: HashWorker): void {
    if (report.kind === 'progress') this.#options.onProgress(report.index, report.bytes);
    else if (report.kind === 'hashed') this.#addPieces(report.index, report.pieces);
    else if (report.kind === 'failed') this.#settle(report.index, { reason: report.reason });
    else {
      this.#busy.delete(worker);
      this.#give(worker);
      this.#endIfDone();
    }
  }

  /** A worker that is gone takes its task with it; when it was the last one, nothing else can be hashed. */
  #lose(worker: HashWorker, message: string | undefined): void {
    const task = this.#busy.get(worker);
    if (!task) return;
    worker.terminate();
    this.#busy.delete(worker);
    const reason = `The worker that hashed it ended${message ? ` (${message})` : ''}. Reload the page, and try again.`;
    const lost = this.#busy.size > 0 ? [task] : [task, ...this.#waiting.splice(0)];
    for (const { index } of lost.flatMap(({ stretches }) => stretches)) this.#settle(index, { reason });
    this.#endIfDone();
  }

  #addPieces(index: number, pieces: readonly Piece[]): void {
    const part = this.#parts[index];
    if (!part || part.outcome) return;
    for (const piece of pieces) part.pieces.push(piece);
    part.left--;
    if (part.left === 0) this.#settle(index, { pieces: part.pieces.sort((a, b) => a.start - b.start) });
  }

  #settle(index: number, outcome: FileOutcome): void {
    const part = this.#parts[index];
    if (!part || part.outcome) return;
    part.outcome = outcome;
    this.#options.onFile(index, outcome);
  }

  #endIfDone(): void {
    if (this.#busy.size > 0 || this.#waiting.length > 0) return;
    this.#result.resolve(this.#parts.map(({ outcome }) => outcome ?? { reason: 'The file was not hashed.' }));
  }
}
