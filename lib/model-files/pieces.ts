import type { Hasher } from './hasher.ts';

/** The digest of a stretch of a file: from `start` up to but without `end`, in bytes. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Lowercase hex. */
  readonly digest: string;
}

/** Digests of a stream, one for every so many bytes. */
export class Pieces {
  /** Up to which byte of the file it was taken. */
  end: number;
  #start: number;
  readonly #done: Piece[] = [];
  readonly #hasher: Hasher;
  readonly #shardSize: number | null;

  /**
   * @param shardSize bytes; null for one digest of everything.
   * @param start at which byte of the file the stream begins.
   */
  constructor(hasher: Hasher, shardSize: number | null, start = 0) {
    this.#hasher = hasher;
    this.#shardSize = shardSize;
    this.#start = start;
    this.end = start;
  }

  update(data: Uint8Array): void {
    const length = this.#shardSize ?? Number.POSITIVE_INFINITY;
    for (let at = 0; at < data.length; ) {
      const taken = data.subarray(at, at + this.#start + length - this.end);
      this.#hasher.update(taken);
      at += taken.length;
      this.end += taken.length;
      if (this.end - this.#start === length) this.#cut();
    }
  }

  /** Of nothing there is one digest, but no shard. */
  finish(): Piece[] {
    if (this.#shardSize === null || this.end > this.#start) this.#cut();
    return this.#done;
  }

  #cut(): void {
    this.#done.push({ start: this.#start, end: this.end, digest: this.#hasher.cut() });
    this.#start = this.end;
  }
}
