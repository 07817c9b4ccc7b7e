import { and, eq, ne } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { checkpoints } from '#db/schema/log.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { findEntryLog } from '#lib/services/log/find-entry-log.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';

export interface Contradiction {
  readonly log: { readonly id: number; readonly origin: string };
  readonly fault: LogDataError;
}

/**
 * Whether a verified bundle proves that a followed log signed two trees: its proof leads from another leaf to a signed
 * checkpoint than the one that is known at the same index. Honest logs never change an entry.
 */
export function findContradiction(tx: Writer, { logEntries }: ParsedBundle): Contradiction | null {
  const [entry] = logEntries;
  if (!entry?.proof?.checkpoint) return null;
  const { index, checkpoint } = entry.proof;
  const log = findEntryLog(tx, entry);
  if (!log) return null;
  const held = tx
    .select({ leafHash: events.leafHash, note: checkpoints.note, seenBy: events.seenBy })
    .from(events)
    .leftJoin(checkpoints, eq(checkpoints.id, events.checkpointId))
    .where(and(eq(events.logId, log.id), eq(events.logIndex, index), ne(events.leafHash, entry.leafHash)))
    .get();
  if (!held) return null;
  const message = `${log.origin} proved two different entries at index ${index}: to the maker of a bundle, and to ${held.seenBy === 'tail' ? 'us' : 'the maker of another'}. It has signed two trees.`;
  return {
    log,
    fault: new LogDataError('inconsistent', message, {
      index: String(index),
      'leaf in the bundle': entry.leafHash,
      'checkpoint in the bundle': checkpoint,
      'leaf that is known': held.leafHash ?? '',
      ...(held.note === null ? {} : { 'checkpoint that is known': held.note }),
    }),
  };
}
