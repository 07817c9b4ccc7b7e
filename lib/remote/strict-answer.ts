import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { AnswerError } from './answer-error.ts';

export type JsonMap = Readonly<Record<string, unknown>>;

/**
 * Reads an answer as one JSON value: bounded, and without doubled keys.
 *
 * @param what names the answer in errors: `the manifest sha256:…`.
 * @throws {AnswerError}
 */
export function parseAnswer(bytes: Uint8Array, what: string, maxBytes: number): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new AnswerError(`${what} cannot be read. ${error.message}`);
  }
}

/** @throws {AnswerError} */
export function asMap(value: unknown, at: string): JsonMap {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  throw new AnswerError(`${at} is not an object.`);
}

/** An absent list is an empty one. @throws {AnswerError} */
export function asList(value: unknown, at: string, most: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new AnswerError(`${at} is not a list.`);
  if (value.length > most)
    throw new AnswerError(`${at} has ${value.length} entries, more than the ${most} that are read.`);
  return value;
}

/** @throws {AnswerError} */
export function asText(value: unknown, at: string, most: number): string {
  if (typeof value !== 'string') throw new AnswerError(`${at} is not a text.`);
  if (value.length > most) throw new AnswerError(`${at} has more than ${most} characters.`);
  return value;
}

export function asTextOrNull(value: unknown, at: string, most: number): string | null {
  return value === undefined || value === null ? null : asText(value, at, most);
}
