import type { HashType } from '#lib/model-signing/resource.ts';
import { HashListError } from './hash-list-error.ts';
import { quoted } from './list-builder.ts';

const MAX_TEXT = 4096;
const HEX_DIGITS: Readonly<Record<HashType, number>> = { sha256: 64, blake2b: 128, blake3: 64 };

/** @throws {HashListError} `bad-field` */
export function asObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new HashListError('bad-field', `${at} is not an object.`, at);
}

/** @throws {HashListError} `bad-field`, or `too-many-files` past `most`. */
export function asArray(value: unknown, at: string, most: number): unknown[] {
  if (!Array.isArray(value)) throw new HashListError('bad-field', `${at} is not a list.`, at);
  if (value.length > most) {
    throw new HashListError('too-many-files', `${at} has ${value.length} entries; at most ${most} are read.`, at);
  }
  return value;
}

/** @throws {HashListError} `bad-field` */
export function asText(value: unknown, at: string): string {
  if (typeof value === 'string' && value.length <= MAX_TEXT && value.isWellFormed()) return value;
  throw new HashListError('bad-field', `${at} is not a text of at most ${MAX_TEXT} characters.`, at);
}

/** A count of bytes. @throws {HashListError} `bad-field` */
export function asSize(value: unknown, at: string): number {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value) + 0;
  throw new HashListError('bad-field', `${at} is not a count of bytes.`, at);
}

/** Lowercase hex of a digest of this type. @throws {HashListError} `bad-digest` */
export function asDigest(value: unknown, hashType: HashType, at: string): string {
  const digest = typeof value === 'string' ? value.toLowerCase() : '';
  if (digest.length === HEX_DIGITS[hashType] && /^[0-9a-f]+$/.test(digest)) return digest;
  throw new HashListError(
    'bad-digest',
    `${at} is not the ${HEX_DIGITS[hashType]} hexadecimal digits of a ${hashType} digest.`,
    at,
  );
}

/** @throws {HashListError} `bad-field`: what is not understood could change what the rest means. */
export function refuseUnknownKeys(value: Record<string, unknown>, known: readonly string[], at: string): void {
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger === undefined) return;
  throw new HashListError(
    'bad-field',
    `${at} has the key ${quoted(stranger)}; only ${known.join(', ')} may stand there.`,
    at,
  );
}
