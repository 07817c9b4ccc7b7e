import { decodeLatin1, decodeUtf8 } from './display.ts';
import type { MatchNote } from './match-note.ts';

/** One way in which a program may read a value, and what it had to overlook to read it so. */
export interface Reading {
  readonly text: string;
  readonly lower: string;
  readonly notes: readonly MatchNote[];
}

/** Where any kind of value will do. */
export const ANY_KIND = 0;

const EMPTY = new Uint8Array();
const PERCENT = 0x25;

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
    this.decoded = null;
    this.lowered = null;
    this.read = null;
  }

  get length(): number {
    return this.to - this.from;
  }

  /** Whether there is one way only to read the value, but for upper and lower case. */
  get isPlain(): boolean {
    this.plain ??= this.note === null && this.looksPlain();
    return this.plain;
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
    this.read ??= this.readAll();
    return this.read;
  }

  private readAll(): Reading[] {
    const notes: MatchNote[] = this.note === null ? [] : [this.note];
    const nul = this.content.indexOf(0);
    const whole = readBytes(this.content, notes);
    return nul === -1 ? whole : [...whole, ...readBytes(this.content.subarray(0, nul), [...notes, 'cut-at-nul'])];
  }

  /** ASCII throughout, without NUL, percent sign, or a dot where a host name could end. */
  private looksPlain(): boolean {
    const { bytes, to } = this;
    let previous = 0;
    for (let i = this.from; i < to; i++) {
      const byte = bytes[i] as number;
      if (byte === 0 || byte > 0x7e || byte === PERCENT) return false;
      if (previous === 0x2e && (byte === 0x2f || byte === 0x3a)) return false;
      previous = byte;
    }
    return previous !== 0x2e;
  }
}

/** The bytes as they stand, and, where that is another reading, without percent-encoding and a host name's final dot. */
function readBytes(bytes: Uint8Array, notes: readonly MatchNote[]): Reading[] {
  const asIs = readText(bytes, notes);
  const unescaped = decodePercent(bytes);
  const decoded = unescaped === bytes ? asIs : readText(unescaped, [...notes, 'percent-encoding']);
  const text = withoutFinalDot(decoded.text);
  const undotted: Reading =
    text === decoded.text ? decoded : { text, lower: text.toLowerCase(), notes: [...decoded.notes, 'trailing-dot'] };
  return undotted === asIs ? [asIs] : [asIs, undotted];
}

function readText(bytes: Uint8Array, notes: readonly MatchNote[]): Reading {
  const utf8 = decodeUtf8(bytes);
  const text = utf8 ?? decodeLatin1(bytes);
  return { text, lower: text.toLowerCase(), notes: utf8 === null ? [...notes, 'not-utf8'] : notes };
}

/** The bytes with every `%41` replaced by the byte it stands for; the same array where there is none. */
function decodePercent(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(PERCENT)) return bytes;
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const high = bytes[at] === PERCENT ? hexDigit(bytes[at + 1]) : -1;
    const low = high === -1 ? -1 : hexDigit(bytes[at + 2]);
    decoded[length++] = low === -1 ? (bytes[at] as number) : high * 16 + low;
    if (low !== -1) at += 2;
  }
  return length === bytes.length ? bytes : decoded.subarray(0, length);
}

function hexDigit(byte: number | undefined): number {
  const digit = byte === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? -1 : digit;
}

/** `user@host.` and `https://host./path` name the same host as without the dot. */
function withoutFinalDot(text: string): string {
  const scheme = text.indexOf('://');
  if (scheme === -1) return text.endsWith('.') ? text.slice(0, -1) : text;
  const host = scheme + 3;
  const after = text.slice(host).search(/[/:?#]/);
  const end = after === -1 ? text.length : host + after;
  return text[end - 1] === '.' ? text.slice(0, end - 1) + text.slice(end) : text;
}
