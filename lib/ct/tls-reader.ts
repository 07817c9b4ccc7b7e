/** Bytes that are not the structure that was expected of them. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
}

/** Reads structures of the TLS presentation language (RFC 8446, 3), in which RFC 6962 writes what it hashes and signs. */
export class TlsReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get more(): boolean {
    return this.#at < this.#bytes.length;
  }

  /** A big-endian number of `octets`. @throws {TlsError} where it is cut short, or beyond 2^53 - 1. */
  uint(octets: number): number {
    let value = 0;
    for (const octet of this.opaque(octets)) value = value * 256 + octet;
    if (!Number.isSafeInteger(value)) throw new TlsError('a number larger than any that can be true');
    return value;
  }

  /** `length` bytes, as a view. @throws {TlsError} where there are fewer. */
  opaque(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) {
      throw new TlsError(`cut short: ${length} bytes are due at byte ${this.#at} of ${this.#bytes.length}`);
    }
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  /** Bytes behind their length, which has `octets`. */
  vector(octets: number): Uint8Array {
    return this.opaque(this.uint(octets));
  }

  /** @throws {TlsError} where bytes are left over. */
  end(): void {
    if (this.more) throw new TlsError(`${this.#bytes.length - this.#at} bytes are left over`);
  }
}

/** A big-endian number in `octets`. */
export function uintBytes(value: number, octets: number): Uint8Array {
  const bytes = new Uint8Array(octets);
  for (let i = octets - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

/** Bytes behind their length in `octets`. */
export function vectorBytes(bytes: Uint8Array, octets: number): Uint8Array {
  return Buffer.concat([uintBytes(bytes.length, octets), bytes]);
}
