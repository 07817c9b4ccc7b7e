import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { isSize } from '#lib/tlog/size.ts';

export type JsonMap = Readonly<Record<string, unknown>>;

/**
 * Reads what a Rekor v1 server answers, strictly: any other shape than the API's is a fault of the server, named by its
 * place.
 *
 * @throws {LogDataError} `malformed-answer`
 */
export function parseAnswer(bytes: Uint8Array, what: string): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: bytes.length, maxDepth: 16 });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw malformed(`${what} cannot be read. ${error.message}`);
  }
}

export function malformed(message: string): LogDataError {
  return new LogDataError('malformed-answer', message);
}

export function readMap(value: unknown, at: string): JsonMap {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  throw malformed(`${at} is not an object.`);
}

/** An absent list is an empty one. */
export function readList(value: unknown, at: string, most: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(`${at} is not a list.`);
  if (value.length > most) throw malformed(`${at} has ${value.length} elements, more than ${most}.`);
  return value;
}

export function readText(value: unknown, at: string, most: number): string {
  if (typeof value !== 'string') throw malformed(`${at} is not a text.`);
  if (value.length > most) throw malformed(`${at} has more than ${most} characters.`);
  return value;
}

/** A number that counts: entries, an index, seconds. */
export function readCount(value: unknown, at: string): number {
  if (typeof value === 'number' && isSize(value)) return value;
  throw malformed(`${at} is not a whole number that counts something.`);
}

/** 32 bytes in lowercase hex. */
export function readHash(value: unknown, at: string): Buffer {
  const text = readText(value, at, 64);
  if (!/^[0-9a-f]{64}$/.test(text)) throw malformed(`${at} is not 32 bytes in lowercase hex.`);
  return Buffer.from(text, 'hex');
}

/** Canonical base64 (RFC 4648, padded, no stray bits). */
export function readBase64(value: unknown, at: string, most: number): Buffer {
  const text = readText(value, at, most);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw malformed(`${at} is not canonical base64.`);
  return bytes;
}

/** A tree id of Trillian: decimal, up to 63 bits, and so beyond what a number holds. */
export function readTreeId(value: unknown, at: string): string {
  const text = readText(value, at, 19);
  if (!/^[1-9][0-9]*$/.test(text) || BigInt(text) > 0x7fff_ffff_ffff_ffffn) throw malformed(`${at} is not a tree id.`);
  return text;
}
