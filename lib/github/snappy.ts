import { AnswerError } from '#lib/remote/answer-error.ts';

/**
 * Unpacks a block of Snappy (google/snappy, format_description.txt), in which GitHub stores the bundles that it gives by
 * address. Work and memory are bounded by `limit`, whatever length the block claims.
 *
 * @throws {AnswerError} where it is not whole, or larger.
 */
export function unpackSnappy(packed: Uint8Array, limit: number): Uint8Array {
  const input = new Reader(packed);
  const size = input.varint();
  if (size > limit) throw new AnswerError(`The packed bundle unpacks to ${size} bytes; at most ${limit} are read.`);
  const output = new Uint8Array(size);
  let at = 0;
  while (!input.isAtEnd) {
    const tag = input.number(1);
    const { length, offset } = readElement(input, tag);
    if (at + length > size) throw damaged();
    if (offset === null) {
      output.set(input.take(length), at);
    } else {
      if (offset === 0 || offset > at) throw damaged();
      // Byte by byte: a copy may reach into what it writes, which repeats it.
      for (let i = at; i < at + length; i++) output[i] = output[i - offset] ?? 0;
    }
    at += length;
  }
  if (at !== size) throw damaged();
  return output;
}

/** A literal has no offset: its bytes follow. */
function readElement(input: Reader, tag: number): { length: number; offset: number | null } {
  const upper = tag >> 2;
  switch (tag & 3) {
    case 0:
      return { length: (upper < 60 ? upper : input.number(upper - 59)) + 1, offset: null };
    case 1:
      return { length: (upper & 7) + 4, offset: ((upper >> 3) << 8) | input.number(1) };
    case 2:
      return { length: upper + 1, offset: input.number(2) };
    default:
      return { length: upper + 1, offset: input.number(4) };
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw damaged();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Little endian, of 1 to 4 bytes. */
  number(width: number): number {
    return this.take(width).reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0);
  }

  varint(): number {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.number(1);
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw damaged();
  }
}

function damaged(): AnswerError {
  return new AnswerError('The packed bundle is damaged: it is no whole block of Snappy.');
}
