import { stableId } from '#lib/ids.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';

/**
 * The id of the event of an entry, by its place alone: whoever shows the entry, a tail, a bundle or an index, shows the
 * same event.
 *
 * @param origin of the log that we follow; undefined where we do not follow it. Its checkpoint names the same then, and
 *   was verified: an event does not become another once its log is followed.
 * @param index the one that the inclusion proof authenticates.
 */
export function entryEventId(entry: EntryPlaceInLog, origin: string | undefined, index: number): string {
  // Shards of Rekor v1 share a key and count each for itself: the origin of the checkpoint tells them apart.
  return stableId('event', origin ?? checkpointOrigin(entry) ?? entry.logId, index);
}

type EntryPlaceInLog = Pick<BundleLogEntry, 'logId' | 'proof'>;

/** The first line of the checkpoint that an entry's proof leads to; undefined where it has none. */
export function checkpointOrigin({ proof }: Pick<BundleLogEntry, 'proof'>): string | undefined {
  return proof?.checkpoint?.split('\n', 1)[0];
}
