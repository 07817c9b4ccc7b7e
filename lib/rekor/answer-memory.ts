/** Smaller answers are not worth keeping memory for. */
const LEAST = 64 * 1024;
/** Kept while nobody uses it, in bytes, and no larger piece than this. */
const MOST_KEPT = 24 * 1024 * 1024;
const LARGEST_KEPT = 4 * 1024 * 1024;

/**
 * Memory of answers that are done with, for those that come next. A long catch-up reads gigabytes in pieces of one size:
 * made anew for each, they cost more than what is done with them, and stay until they are collected.
 */
export class AnswerMemory {
  readonly #free: ArrayBuffer[] = [];
  #kept = 0;

  /** Memory of just `length` bytes, with whatever was in it before. */
  take(length: number): Buffer {
    if (length < LEAST) return Buffer.allocUnsafeSlow(length);
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= length);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    if (found) this.#kept -= found.byteLength;
    const memory = found ?? new ArrayBuffer(Math.ceil(length / LEAST) * LEAST);
    return Buffer.from(memory, 0, length);
  }

  /** Takes back what `take` gave. Nobody may look at it any more. */
  give({ buffer, byteOffset }: Uint8Array): void {
    const { byteLength } = buffer;
    // Never Node's own pool, which small buffers of everybody share and which may be of just this size.
    const isOurs = byteLength % LEAST === 0 && byteLength > Buffer.poolSize;
    const isKept = buffer instanceof ArrayBuffer && byteOffset === 0 && isOurs;
    if (!isKept || byteLength > LARGEST_KEPT || this.#kept + byteLength > MOST_KEPT) return;
    this.#free.push(buffer);
    this.#kept += byteLength;
  }
}
