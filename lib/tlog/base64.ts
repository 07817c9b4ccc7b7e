import { TlogError } from './error.ts';

/**
 * Standard base64 (RFC 4648, 4), canonical only: one text for each sequence of bytes. The platform's own decoders
 * skip white space, take missing padding, or ignore stray bits, so that two texts would mean the same bytes.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NO_DIGIT = 0xff;

const digits = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < ALPHABET.length; value++) digits[ALPHABET.charCodeAt(value)] = value;

/** Canonical base64 of `bytes`, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += i + 1 < bytes.length ? ALPHABET.charAt((group >> 6) & 63) : '=';
    text += i + 2 < bytes.length ? ALPHABET.charAt(group & 63) : '=';
  }
  return text;
}

/** Bytes of canonical base64. Throws `bad-base64` for another alphabet, missing padding, or bits left over. */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new TlogError('bad-base64', 'The length of base64 is a multiple of four');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < text.length - padding; i++) {
    const digit = digits[text.charCodeAt(i)] ?? NO_DIGIT;
    if (digit === NO_DIGIT) throw new TlogError('bad-base64', `Character ${i} is not in the base64 alphabet`);
    bits = ((bits << 6) | digit) & 0xfff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = bits >> count;
    }
  }
  if ((bits & ((1 << count) - 1)) !== 0) {
    throw new TlogError('bad-base64', 'The last base64 digit has bits beyond the last byte');
  }
  return bytes;
}
