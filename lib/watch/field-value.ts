import { EMPTY_HASH, hashOctet, standsAt, writeSkeleton } from './ascii-skeleton.ts';
import { decodeLatin1, decodeUtf8 } from './display.ts';
import type { MatchNote } from './match-note.ts';
import { type Reading, readAll } from './readings.ts';

/** Where any kind of value will do. */
export const ANY_KIND = 0;

const EMPTY = new Uint8Array();
const PERCENT = 0x25;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;

/**
 * A value of a certificate as the matcher sees it: bytes first, text only when a rule asks for it, then kept.
 * An instance is set again for each certificate, so that a certificate without a match leaves nothing behind.
 */
export class FieldValue {
  bytes: Uint8Array = EMPTY;
  from = 0;
  to = 0;
  /** The SAN's tag or the extension's number. */
  kind = ANY_KIND;
  private note: MatchNote | null = null;
  private plain: boolean | null = null;
  private hash = EMPTY_HASH;
  private bones: Uint8Array = EMPTY;
  private bonesLength = -1;
  private decoded: string | null = null;
  private lowered: string | null = null;
  private read: readonly Reading[] | null = null;

  set(kind: number, bytes: Uint8Array, from: number, to: number, note: MatchNote | null = null): void {
    this.kind = kind;
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.note = note;
    this.plain = null;
    this.bonesLength = -1;
    this.decoded = null;
    this.lowered = null;
    this.read = null;
  }

  get length(): number {
    return this.to - this.from;
  }

  /** Whether there is one way only to read the value, but for upper and lower case and letters that look alike. */
  get isPlain(): boolean {
    this.plain ??= this.note === null && this.looksPlain();
    return this.plain;
  }

  /** The hash of a plain value's skeleton (`hashSkeleton`). To be asked for only where `isPlain`. */
  get skeletonHash(): number {
    return this.hash;
  }

  /** Whether a plain value's skeleton begins and ends so. To be asked for only where `isPlain`. */
  hasEnds(head: string, tail: string): boolean {
    if (this.bonesLength === -1) this.makeBones();
    const length = this.bonesLength;
    return (
      length >= head.length &&
      length >= tail.length &&
      standsAt(this.bones, 0, head) &&
      standsAt(this.bones, length - tail.length, tail)
    );
  }

  /** The whole value: as UTF-8, else as Latin-1. */
  get text(): string {
    this.decoded ??= decodeUtf8(this.content) ?? decodeLatin1(this.content);
    return this.decoded;
  }

  get lower(): string {
    this.lowered ??= this.text.toLowerCase();
    return this.lowered;
  }

  get content(): Uint8Array {
    return this.bytes.subarray(this.from, this.to);
  }

  equals(other: FieldValue): boolean {
    if (other.length !== this.length) return false;
    for (let i = 0; i < this.length; i++) if (other.bytes[other.from + i] !== this.bytes[this.from + i]) return false;
    return true;
  }

  /** Every reading of the value, the one that overlooks nothing first. */
  get readings(): readonly Reading[] {
    this.read ??= readAll(this.content, this.note === null ? [] : [this.note]);
    return this.read;
  }

  private makeBones(): void {
    if (this.bones.length < 2 * this.length) this.bones = new Uint8Array(2 * this.length);
    this.bonesLength = writeSkeleton(this.bytes, this.from, this.to, this.bones);
  }

  /** Visible ASCII throughout, without percent sign, Punycode, or a dot where a host name or a path's part could end. */
  private looksPlain(): boolean {
    const { bytes, to } = this;
    let hash = EMPTY_HASH;
    let previous = 0;
    for (let i = this.from; i < to; i++) {
      const byte = bytes[i] as number;
      if (byte < 0x21 || byte > 0x7e || byte === PERCENT) return false;
      if (previous === DOT && (byte === SLASH || byte === COLON)) return false;
      if (previous === HYPHEN && byte === HYPHEN && this.isPunycodeAt(i - 3)) return false;
      hash = hashOctet(hash, byte);
      previous = byte;
    }
    this.hash = hash;
    return previous !== DOT;
  }

  /** Whether `xn` stands at `at`, in whatever case; hyphens follow. */
  private isPunycodeAt(at: number): boolean {
    return (
      at >= this.from &&
      ((this.bytes[at] as number) | 0x20) === 0x78 &&
      ((this.bytes[at + 1] as number) | 0x20) === 0x6e
    );
  }
}
