import { decodeLatin1, decodeUtf8 } from './display.ts';
import type { MatchNote } from './match-note.ts';
import { latinText, skeletonOfLatin } from './skeleton.ts';

const PERCENT = 0x25;

/** One way in which a program or a person may read a value, and what it had to overlook to read it so. */
export class Reading {
  readonly text: string;
  readonly lower: string;
  readonly notes: readonly MatchNote[];
  private drawn: string | null = null;
  private bones: string | null = null;

  constructor(text: string, notes: readonly MatchNote[]) {
    this.text = text;
    this.lower = text.toLowerCase();
    this.notes = notes;
  }

  /** The ASCII that it looks like. */
  get latin(): string {
    this.drawn ??= latinText(this.text);
    return this.drawn;
  }

  get skeleton(): string {
    this.bones ??= skeletonOfLatin(this.latin);
    return this.bones;
  }
}

/** Every reading of a value's bytes, the one that overlooks nothing first. `notes` are true of all of them. */
export function readAll(bytes: Uint8Array, notes: readonly MatchNote[]): Reading[] {
  const nul = bytes.indexOf(0);
  const whole = readBytes(bytes, notes);
  return nul === -1 ? whole : [...whole, ...readBytes(bytes.subarray(0, nul), [...notes, 'cut-at-nul'])];
}

/**
 * The bytes as they stand, and, where that is another reading, without percent-encoding, a host name's final dot, and
 * the steps back in a path.
 */
function readBytes(bytes: Uint8Array, notes: readonly MatchNote[]): Reading[] {
  const asIs = readText(bytes, notes);
  const unescaped = decodePercent(bytes);
  const decoded = unescaped === bytes ? asIs : readText(unescaped, [...notes, 'percent-encoding']);
  const undotted = change(decoded, withoutFinalDot, 'trailing-dot');
  const resolved = change(undotted, withoutDotSegments, 'dot-segments');
  // Each step is a reading of its own: what another step would change may be what a rule spells out.
  return [...new Set([asIs, decoded, undotted, resolved])];
}

function readText(bytes: Uint8Array, notes: readonly MatchNote[]): Reading {
  const utf8 = decodeUtf8(bytes);
  return new Reading(utf8 ?? decodeLatin1(bytes), utf8 === null ? [...notes, 'not-utf8'] : notes);
}

function change(reading: Reading, by: (text: string) => string, note: MatchNote): Reading {
  const text = by(reading.text);
  return text === reading.text ? reading : new Reading(text, [...reading.notes, note]);
}

/** The bytes with every `%41` replaced by the byte it stands for; the same array where there is none. */
export function decodePercent(bytes: Uint8Array): Uint8Array {
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
  const end = hostEnd(text, scheme + 3);
  return text[end - 1] === '.' ? text.slice(0, end - 1) + text.slice(end) : text;
}

/** A URI's path with `.` and `..` resolved (RFC 3986, 5.2.4). Empty segments stay: GitLab's identities have one. */
function withoutDotSegments(text: string): string {
  const scheme = text.indexOf('://');
  const start = scheme === -1 ? -1 : hostEnd(text, scheme + 3);
  if (start === -1 || text[start] !== '/' || !text.includes('/.', start)) return text;
  const after = text.slice(start).search(/[?#]/);
  const end = after === -1 ? text.length : start + after;
  const segments = text.slice(start + 1, end).split('/');
  const last = segments.at(-1);
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') resolved.pop();
    else if (segment !== '.') resolved.push(segment);
  }
  if (last === '.' || last === '..') resolved.push('');
  return `${text.slice(0, start)}/${resolved.join('/')}${text.slice(end)}`;
}

function hostEnd(text: string, host: number): number {
  const after = text.slice(host).search(/[/:?#]/);
  return after === -1 ? text.length : host + after;
}
