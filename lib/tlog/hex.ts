import { TlogError } from './error.ts';

const HEX = /^(?:[0-9a-f]{2})*$/;

/** Lower-case hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Bytes of lower-case hex: an even number of digits and nothing else, or `bad-hex`. */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) throw new TlogError('bad-hex', 'Not lower-case hex with an even number of digits');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
