import { stableId } from '#lib/ids.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';

/**
 * The id of the event of an entry, by its place alone: whoever shows the entry, a tail, a bundle or an index, shows the
 * same event.
 *
 * @param origin of the log that we follow; undefined where we follow none of that key.
 * @param index the one that the inclusion proof authenticates.
 */
export function entryEventId(
  { logId, proof }: Pick<BundleLogEntry, 'logId' | 'proof'>,
  origin: string | undefined,
  index: number,
): string {
  // Shards of Rekor v1 share a key and count each for itself: the origin of the checkpoint tells them apart.
  return stableId('event', origin ?? `${logId} ${proof?.checkpoint?.split('\n', 1)[0] ?? ''}`, index);
}
