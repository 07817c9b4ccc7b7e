import { base64Runs } from './base64-runs.ts';
import type { MatchNote } from './match-note.ts';
import { decodePercent } from './readings.ts';
import { skeletonOf } from './skeleton.ts';

/** Base64 in base64 in base64: as deep as envelopes of envelopes go. */
const MAX_DEPTH = 3;
/** How much decoded base64 is searched for one input, in bytes. */
export const MAX_DECODED = 4 * 1024 * 1024;
/** How much of it all is searched for what looks alike, in bytes. */
export const MAX_SKELETON = 512 * 1024;

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

const AS_IT_STANDS: readonly MatchNote[] = [];

/** One form of the bytes that is searched. */
export interface Layer {
  /** Letters of ASCII in lower case; or a skeleton, in UTF-8. */
  readonly bytes: Uint8Array;
  readonly isSkeleton: boolean;
  /** What had to be done to the bytes to come here, but for base64. */
  readonly notes: readonly MatchNote[];
}

/**
 * The bytes in every form that is searched: as they stand; without their NULs, which makes ASCII of UTF-16 and UTF-32;
 * with percent-encoding and JSON's `\u0041` undone; as the skeleton of their text; and so what base64 in them decodes to,
 * and in that, until depth or size run out. In all there is no more than a fixed multiple of the input and the limits.
 */
export function* searchLayers(bytes: Uint8Array): Generator<Layer> {
  let decodable = MAX_DECODED;
  let drawable = MAX_SKELETON;
  let layers: Uint8Array[] = [bytes];
  for (let depth = 0; layers.length > 0; depth++) {
    const deeper: Uint8Array[] = [];
    for (const layer of layers) {
      const narrow = withoutNuls(layer);
      const open = decodePercent(decodeEscapes(narrow));
      yield { bytes: foldBytes(layer), isSkeleton: false, notes: AS_IT_STANDS };
      if (narrow !== layer) yield { bytes: foldBytes(narrow), isSkeleton: false, notes: ['wide-text'] };
      if (open !== narrow) yield { bytes: foldBytes(open), isSkeleton: false, notes: ['escapes'] };
      drawable -= open.length;
      if (drawable >= 0) yield { bytes: drawBytes(open), isSkeleton: true, notes: ['look-alike'] };
      if (depth === MAX_DEPTH) continue;
      for (const form of open === layer ? [layer] : [layer, open]) {
        for (const decoded of base64Runs(form)) {
          decodable -= decoded.length;
          if (decodable < 0) break;
          deeper.push(decoded);
        }
      }
    }
    layers = deeper;
  }
}

/** A copy with ASCII letters in lower case, which leaves UTF-8 beyond ASCII as it is. */
export function foldBytes(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}

function drawBytes(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(skeletonOf(new TextDecoder().decode(bytes)));
}

function withoutNuls(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.filter((byte) => byte !== 0) : bytes;
}

/** With every `\u0041` as the UTF-8 it stands for; the same array where there is none. */
function decodeEscapes(bytes: Uint8Array): Uint8Array {
  if (!hasEscape(bytes)) return bytes;
  // Octet by octet as characters, so that what is no escape comes back as it was.
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  const parts = text.split(/((?:\\u[0-9a-fA-F]{4})+)/);
  const decoded = parts.map((part, i) =>
    i % 2 === 0
      ? Uint8Array.from(part, (character) => character.charCodeAt(0))
      : new TextEncoder().encode(
          part.replace(/\\u(.{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        ),
  );
  const joined = new Uint8Array(decoded.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of decoded) {
    joined.set(part, end);
    end += part.length;
  }
  return joined;
}

const CHUNK = 8192;

function hasEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(BACKSLASH); at !== -1; at = bytes.indexOf(BACKSLASH, at + 1)) {
    if (bytes[at + 1] === LETTER_U) return true;
  }
  return false;
}
