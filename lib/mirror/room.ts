import { MAX_ENTRY_BYTES } from '#lib/tlog/entry-bundle.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { MirrorError } from './mirror-error.ts';

/** What an entry takes beside its own bytes, at most: its length, its leaf hash, its share of the tiles above. */
const OVERHEAD = 2 + HASH_BYTES + 1;

/** What entries take at most on the disk, in full bundles and all tiles above them. */
export function mostBytes(entries: readonly Uint8Array[]): number {
  return entries.reduce((sum, { length }) => sum + length + OVERHEAD, 0);
}

/** @throws {MirrorError} `limit` where `bytes` more would go beyond the limit, if there is one. */
export function checkRoom(origin: string, used: number, bytes: number, limit: number | null): void {
  if (limit === null || used + bytes <= limit) return;
  throw new MirrorError(
    'limit',
    `The mirror of ${origin} has ${used} bytes, and ${bytes} more would go beyond its limit of ${limit}. Raise the limit, or mirror only matches; it goes on where it is.`,
  );
}

/** @throws {MirrorError} `entry-too-long`, with the index of the first entry that no bundle can hold. */
export function checkLengths(origin: string, firstIndex: number, entries: readonly Uint8Array[]): void {
  const at = entries.findIndex(({ length }) => length > MAX_ENTRY_BYTES);
  if (at < 0) return;
  throw new MirrorError(
    'entry-too-long',
    `Entry ${firstIndex + at} of ${origin} has ${entries[at]?.length} bytes; an entry bundle of tlog-tiles holds at most ${MAX_ENTRY_BYTES} an entry. This log cannot be mirrored beyond it; mirror only matches.`,
  );
}
