import type { Writer } from '#db/client.ts';
import { logOfEntry } from '#lib/services/log/log-of-entry.ts';
import { storeCheckpoint } from '#lib/services/log/store-checkpoint.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import { parseCheckpoint } from '#lib/tlog/checkpoint.ts';
import { parseNote } from '#lib/tlog/note.ts';

/**
 * Keeps the signed heads that a verified bundle carries: each is what the log showed to the bundle's maker, and must be a
 * state of the tree that it shows to us. The next round on the log compares them (compare-heads.ts).
 *
 * @param seenAt milliseconds since the epoch.
 */
export function keepHeads(tx: Writer, bundleId: string, { logEntries }: ParsedBundle, seenAt: number): void {
  for (const entry of logEntries) {
    const note = entry.proof?.checkpoint;
    const log = note ? logOfEntry(tx, entry) : undefined;
    if (!note || !log) continue;
    const { origin, size, root, extensions } = parseCheckpoint(parseNote(new TextEncoder().encode(note)).text);
    if (origin !== log.origin) continue;
    storeCheckpoint(
      tx,
      log.id,
      { size, root, note, cosignatures: 0, extensions },
      { seenAt, seenFrom: 'bundle', place: bundleId },
    );
  }
}
