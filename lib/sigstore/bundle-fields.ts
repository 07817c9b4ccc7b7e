import { parseDecimal } from '#lib/tlog/size.ts';
import { malformed } from './bundle-error.ts';

/** Readers of single fields of a bundle's JSON. Each names the path of what is wrong. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readObject(value: unknown, path: string): JsonObject {
  if (isObject(value)) return value;
  throw malformed(path, isAbsent(value) ? 'is missing' : 'is not an object');
}

/** Protobuf's JSON leaves out what is empty, so an absent list is an empty one. */
export function readList(value: unknown, path: string, most: number): readonly unknown[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw malformed(path, 'is not a list');
  if (value.length > most) throw malformed(path, `has ${value.length} entries, more than the ${most} that are read`);
  return value;
}

export function readText(value: unknown, path: string, most: number): string {
  if (typeof value !== 'string') throw malformed(path, isAbsent(value) ? 'is missing' : 'is not a text');
  if (value.length > most) throw malformed(path, `has more than ${most} characters`);
  return value;
}

/** Canonical base64 only: decoders that skip what they do not know would read two different texts as one. */
export function readBytes(value: unknown, path: string, most: number): Buffer {
  if (typeof value !== 'string') throw malformed(path, isAbsent(value) ? 'is missing' : 'is not base64 text');
  if (value.length > Math.ceil(most / 3) * 4) throw malformed(path, `has more than ${most} bytes`);
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value) throw malformed(path, 'is not canonical base64');
  if (bytes.length === 0) throw malformed(path, 'is empty');
  return bytes;
}

/** An int64 of protobuf's JSON: a decimal text or a number, left out where it is 0. Up to 2^53-1. */
export function readCount(value: unknown, path: string): number {
  if (isAbsent(value)) return 0;
  const count = typeof value === 'number' || typeof value === 'string' ? parseDecimal(String(value)) : undefined;
  if (count === undefined) throw malformed(path, 'is not a count from 0 to 2^53-1 in plain decimal');
  return count;
}

/** Protobuf's JSON takes null for absent. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
