/** Why bytes are not the DER that was expected of them. */
export type DerErrorCode =
  | 'too-large'
  | 'truncated'
  | 'indefinite-length'
  | 'length-not-minimal'
  | 'tag-not-short'
  | 'unexpected-tag'
  | 'trailing-bytes'
  | 'too-deep';

const REASONS: Record<DerErrorCode, string> = {
  'too-large': 'more bytes than a certificate may have',
  truncated: 'an element reaches past the end of what holds it',
  'indefinite-length': 'indefinite length, which DER does not have',
  'length-not-minimal': 'a length in more octets than it needs',
  'tag-not-short': 'a tag number of more than one octet',
  'unexpected-tag': 'another element than the structure asks for',
  'trailing-bytes': 'bytes left over after the last element',
  'too-deep': 'more nesting than any certificate has',
};

/** The one error of the walker. `offset` is where in the bytes it stopped. */
export class DerError extends Error {
  override readonly name = 'DerError';
  readonly code: DerErrorCode;
  readonly offset: number;

  constructor(code: DerErrorCode, offset: number) {
    super(`not DER at octet ${offset}: ${REASONS[code]}`);
    this.code = code;
    this.offset = offset;
  }
}

const MAX_DEPTH = 16;
const EMPTY = new Uint8Array();

/** Tags as they stand in the first octet, class and constructed bit included (X.690, 8.1.2). */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * A cursor over DER (X.690): definite lengths in minimal octets, one-octet tags, nothing outside the bounds.
 * It copies and allocates nothing; one cursor can be reset and used for any number of inputs.
 * After `next`, `tag`, `start`, `from` and `to` describe the element read: its first octet and its content.
 */
export class DerCursor {
  bytes: Uint8Array = EMPTY;
  tag = 0;
  start = 0;
  from = 0;
  to = 0;
  private position = 0;
  private end = 0;
  private depth = 0;

  /** Begins anew over `bytes[from, to)`. */
  reset(bytes: Uint8Array, from = 0, to: number = bytes.length): this {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
    this.depth = 0;
    return this;
  }

  /** Whether the element that was entered last holds more. */
  get more(): boolean {
    return this.position < this.end;
  }

  /** The tag of the element to come, or -1 at the end. */
  peek(): number {
    return this.position < this.end ? (this.bytes[this.position] as number) : -1;
  }

  /** Reads the next element's header and steps over its content; returns its tag. */
  next(): number {
    const { bytes, end } = this;
    const start = this.position;
    if (end - start < 2) throw new DerError('truncated', start);
    const tag = bytes[start] as number;
    if ((tag & 0x1f) === 0x1f) throw new DerError('tag-not-short', start);
    let from = start + 2;
    let length = bytes[start + 1] as number;
    if (length >= 0x80) {
      from += length & 0x7f;
      length = this.longLength(start + 2, length & 0x7f);
    }
    if (length > end - from) throw new DerError('truncated', start);
    this.tag = tag;
    this.start = start;
    this.from = from;
    this.to = from + length;
    this.position = this.to;
    return tag;
  }

  /** Reads the next element, which must have this tag. */
  expect(tag: number): void {
    const at = this.position;
    if (this.next() !== tag) throw new DerError('unexpected-tag', at);
  }

  /** Steps into the content of the element read last; returns what `leave` needs to come back. */
  enter(): number {
    if (++this.depth > MAX_DEPTH) throw new DerError('too-deep', this.start);
    const outer = this.end;
    this.position = this.from;
    this.end = this.to;
    return outer;
  }

  /** Reads the next element, which must have this tag, and steps into it. */
  open(tag: number): number {
    this.expect(tag);
    return this.enter();
  }

  /** Steps out of an element, of which everything must have been read. */
  leave(outer: number): void {
    if (this.position !== this.end) throw new DerError('trailing-bytes', this.position);
    this.end = outer;
    this.depth--;
  }

  private longLength(at: number, octets: number): number {
    if (octets === 0) throw new DerError('indefinite-length', at - 1);
    if (octets > this.end - at) throw new DerError('truncated', at - 1);
    if (this.bytes[at] === 0) throw new DerError('length-not-minimal', at - 1);
    // Four octets hold any length that could fit; a first octet that is not zero makes more of them too long.
    if (octets > 4) throw new DerError('truncated', at - 1);
    let length = 0;
    for (let i = at; i < at + octets; i++) length = length * 256 + (this.bytes[i] as number);
    if (length < 0x80) throw new DerError('length-not-minimal', at - 1);
    return length;
  }
}
