import { MAX_LINE_BYTES } from './entry.ts';
import { TrainingLogError } from './training-log-error.ts';

const LF = 0x0a;

/** Cuts a stream of bytes into lines without their newlines. Keeps one line at the most. */
export class LineSplitter {
  #rest = new Uint8Array(0);
  #count = 0;

  /** The lines that `chunk` ends. @throws {TrainingLogError} for a line of more than 64 KiB. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const line = this.#join(chunk.subarray(start, end));
      this.#rest = new Uint8Array(0);
      this.#count++;
      start = end + 1;
      yield line;
    }
    this.#rest = this.#join(chunk.subarray(start));
  }

  /** What stands behind the last newline: a line that was not written whole, or nothing. */
  get rest(): Uint8Array {
    return this.#rest;
  }

  #join(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.#rest.length + bytes.length > MAX_LINE_BYTES) {
      throw new TrainingLogError('too-large', `It has more than ${MAX_LINE_BYTES} bytes.`, this.#count + 1);
    }
    const line = new Uint8Array(this.#rest.length + bytes.length);
    line.set(this.#rest);
    line.set(bytes, this.#rest.length);
    return line;
  }
}
