import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';

/** The signing configurations that a Sigstore's TUF repository may hold: with Rekor v1 alone, and with Rekor v2. */
export const SIGNING_CONFIG_TARGETS = ['signing_config.v0.2.json', 'signing_config_rekor_v2.v0.2.json'] as const;

/** A target as TUF verified and stored it. */
export interface CachedTarget {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
const MAX_BYTES = 4 * 1024 * 1024;
/** TUF 1.0, 4.2: `expires` is ISO 8601 in UTC, without fractions of a second. */
const EXPIRES = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Where @sigstore/tuf keeps the metadata of a mirror. */
export function tufFolder(cacheDirectory: string, mirror: string): string {
  const { host, pathname } = new URL(mirror);
  return join(cacheDirectory, encodeURIComponent(host + pathname.replace(/\/$/, '')));
}

/**
 * When the TUF metadata in a folder runs out: the earliest expiry of root, timestamp, snapshot and targets (TUF 1.0, 4.2).
 * From then on, whoever answers for the mirror could be holding back what is newer.
 *
 * @returns milliseconds since the epoch; null where a role is missing or cannot be read as what it should be.
 */
export async function readTufExpiry(folder: string): Promise<number | null> {
  const times = await Promise.all(ROLES.map((role) => readExpiry(join(folder, `${role}.json`), role)));
  const known = times.filter((time) => time !== null);
  return known.length === ROLES.length ? Math.min(...known) : null;
}

/** The signing configurations that TUF left in a folder; those that the repository does not have are not there. */
export async function readSigningConfigs(folder: string): Promise<CachedTarget[]> {
  const found = await Promise.all(
    SIGNING_CONFIG_TARGETS.map(async (name) => ({ name, bytes: await readUpTo(join(folder, 'targets', name)) })),
  );
  return found.flatMap(({ name, bytes }) => (bytes === null ? [] : [{ name, bytes }]));
}

async function readExpiry(path: string, role: string): Promise<number | null> {
  const bytes = await readUpTo(path);
  if (bytes === null) return null;
  try {
    const { signed } = asObject(parseStrictJson(bytes, { maxBytes: MAX_BYTES }));
    const { _type, expires } = asObject(signed);
    if (_type !== role || typeof expires !== 'string' || !EXPIRES.test(expires)) return null;
    const time = Date.parse(expires);
    return Number.isNaN(time) ? null : time;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Null for a file that is not there, cannot be read, or has more than such a file can have. */
async function readUpTo(path: string): Promise<Uint8Array | null> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > MAX_BYTES) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return null;
  }
}
