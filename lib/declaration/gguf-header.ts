import { DeclarationError } from './declaration-error.ts';

const MAGIC = 0x46554747; // "GGUF", little-endian
/** A tokenizer's vocabulary stands in arrays of some hundred thousand texts: these are stepped over, not kept. */
const MAX_PAIRS = 65_536;
const MAX_ELEMENTS = 4_194_304;
const MAX_KEY = 65_535;
const MAX_DEPTH = 4;
const MAX_TEXT = 4096;
/** Bytes of each type of number, by its code in the format; text is 8 and array 9. */
const NUMBER_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
]);
const TEXT_TYPE = 8;
const ARRAY_TYPE = 9;

export interface GgufHeader {
  readonly version: number;
  /** Texts and unsigned 32-bit numbers whose keys start as asked for; texts beyond 4096 bytes are not kept. */
  readonly values: ReadonlyMap<string, string | number>;
  /** Whether the bytes end before the header does: what follows was not read. */
  readonly isCut: boolean;
}

/**
 * Reads the key–value pairs of a GGUF header (version 2 or 3, little-endian) from the start of a file, and keeps those
 * under `prefix`. Work is bounded by the bytes given: a length is never believed beyond them.
 *
 * @throws {DeclarationError} for another format or version, counts and types that cannot be.
 */
export function readGgufHeader(bytes: Uint8Array, prefix: string): GgufHeader {
  const reader = new Reader(bytes);
  if (bytes.length < 24 || reader.uint32() !== MAGIC) {
    throw new DeclarationError('bad-header', 'The file does not start with "GGUF" and a header of 24 bytes.');
  }
  const version = reader.uint32();
  if (version !== 2 && version !== 3) {
    throw new DeclarationError(
      'bad-header',
      `Byte 4 gives version ${version} of GGUF; 2 and 3, little-endian, are read.`,
    );
  }
  reader.uint64();
  const pairs = reader.uint64();
  if (pairs > MAX_PAIRS) {
    throw new DeclarationError(
      'bad-header',
      `Byte 16 gives ${pairs} pairs of metadata; at most ${MAX_PAIRS} are read.`,
    );
  }
  const values = new Map<string, string | number>();
  try {
    for (let i = 0; i < pairs; i++) readPair(reader, values, prefix);
  } catch (error) {
    if (!(error instanceof CutShort)) throw error;
    return { version, values, isCut: true };
  }
  return { version, values, isCut: false };
}

function readPair(reader: Reader, values: Map<string, string | number>, prefix: string): void {
  const start = reader.at;
  const key = reader.text(MAX_KEY);
  if (key === '')
    throw new DeclarationError(
      'bad-header',
      `Byte ${start}: a key is empty, no UTF-8, or longer than ${MAX_KEY} bytes.`,
    );
  const value = readValue(reader, reader.uint32(), 0);
  if (value === null || !key.startsWith(prefix)) return;
  if (values.has(key))
    throw new DeclarationError('bad-header', `Byte ${start}: the key ${key.slice(0, 80)} stands twice.`);
  values.set(key, value);
}

/** A text or an unsigned 32-bit number; null for what is only stepped over. */
function readValue(reader: Reader, type: number, depth: number): string | number | null {
  if (type === TEXT_TYPE) return reader.text(MAX_TEXT);
  if (type === 4) return reader.uint32();
  if (type === ARRAY_TYPE) {
    skipArray(reader, depth);
    return null;
  }
  const size = NUMBER_BYTES.get(type);
  if (size === undefined)
    throw new DeclarationError('bad-header', `Byte ${reader.at - 4} gives ${type} as a type of value.`);
  reader.skip(size);
  return null;
}

function skipArray(reader: Reader, depth: number): void {
  const start = reader.at;
  const type = reader.uint32();
  const count = reader.uint64();
  if (count > MAX_ELEMENTS || depth === MAX_DEPTH) {
    throw new DeclarationError(
      'bad-header',
      `Byte ${start}: an array has more than ${MAX_ELEMENTS} elements, or is nested too deep.`,
    );
  }
  const size = NUMBER_BYTES.get(type);
  if (size !== undefined) {
    reader.skip(size * count);
    return;
  }
  for (let i = 0; i < count; i++) {
    if (type === TEXT_TYPE) reader.skip(reader.uint64());
    else if (type === ARRAY_TYPE) skipArray(reader, depth + 1);
    else throw new DeclarationError('bad-header', `Byte ${start} gives ${type} as a type of elements.`);
  }
}

/** The bytes ended: not a fault of the file, of which only the start is given. */
class CutShort extends Error {}

class Reader {
  at = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint32(): number {
    this.need(4);
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  /** Beyond what a number holds exactly, the largest that it does: longer than any bytes there are. */
  uint64(): number {
    this.need(8);
    this.at += 8;
    const value = this.view.getBigUint64(this.at - 8, true);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  skip(count: number): void {
    this.need(count);
    this.at += count;
  }

  /** A text with its length before it; empty where it is longer than `most` bytes or no UTF-8. */
  text(most: number): string {
    const length = this.uint64();
    const start = this.at;
    this.skip(length);
    if (length > most) return '';
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes.subarray(start, start + length));
    } catch {
      return '';
    }
  }

  private need(count: number): void {
    if (count > this.bytes.length - this.at) throw new CutShort();
  }
}
