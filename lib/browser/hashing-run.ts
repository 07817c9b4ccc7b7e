import type { FileOutcome } from './hash-pool.ts';
import type { PickedFile } from './picked-file.ts';
import { Progress } from './progress.ts';

export type FileStep = 'waiting' | 'hashing' | 'hashed' | 'failed';

export interface FileRow {
  readonly path: string;
  /** Bytes, of the whole file and those hashed. */
  readonly size: number;
  readonly hashed: number;
  readonly step: FileStep;
  /** Why it failed; null where it did not. */
  readonly reason: string | null;
}

/** What there is to draw at one moment. Times are milliseconds. */
export interface HashingView {
  readonly files: number;
  readonly done: number;
  readonly failed: number;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly share: number;
  /** Bytes a second; null where not known yet. */
  readonly speed: number | null;
  readonly timeLeft: number | null;
  /** Of long lists a part: what failed, what is under way, then the first others. */
  readonly rows: readonly FileRow[];
}

const MOST_ROWS = 200;
const MOST_FAILED = 100;

/** Keeps account of a run over up to 100,000 files: each report costs the same, and so does each view. */
export class HashingRun {
  readonly #files: readonly PickedFile[];
  readonly #hashed: Float64Array;
  readonly #active = new Set<number>();
  readonly #done = new Set<number>();
  readonly #failed = new Map<number, string>();
  readonly #progress: Progress;
  readonly #totalBytes: number;

  constructor(files: readonly PickedFile[], startedAt: number) {
    this.#files = files;
    this.#hashed = new Float64Array(files.length);
    this.#totalBytes = files.reduce((total, { file }) => total + file.size, 0);
    this.#progress = new Progress(this.#totalBytes, startedAt);
  }

  advance(index: number, bytes: number, at: number): void {
    this.#hashed[index] = (this.#hashed[index] ?? 0) + bytes;
    if (!this.#done.has(index)) this.#active.add(index);
    this.#progress.add(bytes, at);
  }

  /** What was not read of a file that failed counts as done, so that the whole can reach its end. */
  finish(index: number, outcome: FileOutcome, at: number): void {
    this.#active.delete(index);
    this.#done.add(index);
    if (!('reason' in outcome)) return;
    this.#failed.set(index, outcome.reason);
    this.#progress.add(Math.max(0, (this.#files[index]?.file.size ?? 0) - (this.#hashed[index] ?? 0)), at);
  }

  view(at: number): HashingView {
    return {
      files: this.#files.length,
      done: this.#done.size,
      failed: this.#failed.size,
      bytes: this.#progress.bytes,
      totalBytes: this.#totalBytes,
      share: this.#progress.share,
      speed: this.#progress.speed(at),
      timeLeft: this.#progress.timeLeft(at),
      rows: this.#drawn().map((index) => this.#row(index)),
    };
  }

  #drawn(): number[] {
    const count = this.#files.length;
    if (count <= MOST_ROWS) return Array.from({ length: count }, (_, index) => index);
    const first = [...[...this.#failed.keys()].slice(0, MOST_FAILED), ...this.#active];
    const drawn = new Set(first);
    for (let index = 0; index < count && drawn.size < MOST_ROWS; index++) drawn.add(index);
    return [...drawn];
  }

  #row(index: number): FileRow {
    const { path, file } = this.#files[index] as PickedFile;
    const reason = this.#failed.get(index) ?? null;
    const hashed = this.#hashed[index] ?? 0;
    const step = reason !== null ? 'failed' : this.#done.has(index) ? 'hashed' : hashed > 0 ? 'hashing' : 'waiting';
    return { path, size: file.size, hashed, step, reason };
  }
}
