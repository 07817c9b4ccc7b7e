import { and, asc, eq, lt } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { placeUnder } from './entry-place.ts';
import type { EntrySink } from './entry-sink.ts';
import { type LogRow, readLog } from './position.ts';
import { takeEntry } from './take-entry.ts';
import { verifiedHead } from './verified-head.ts';

/** So many bundles are confirmed in one round, each with one request or two. */
const MOST = 32;

export interface ConfirmOptions {
  readonly reader: LogReader;
  readonly sink: EntrySink;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks up the entries that bundles have shown us after the tail had passed them, or before it began: each is read from
 * the log and bound to our own verified tree, so that the bundle's proof is no longer all there is.
 *
 * @param seenAt when the log was looked at, in milliseconds since the epoch.
 * @throws {LogDataError} `inconsistent` where the log has another entry there than it proved to the bundle's maker.
 */
export async function confirmBundles(
  ctx: ServiceContext,
  logId: number,
  seenAt: number,
  options: ConfirmOptions,
): Promise<number> {
  const { db } = ctx.database;
  const row = readLog(db, logId);
  const waiting = db
    .select({ index: events.logIndex, leafHash: events.leafHash })
    .from(events)
    .where(and(eq(events.logId, logId), eq(events.seenBy, 'bundle'), lt(events.logIndex, row.verifiedSize)))
    .orderBy(asc(events.logIndex))
    .limit(MOST)
    .all();
  const head = waiting.length > 0 ? verifiedHead(ctx, row) : undefined;
  if (!head) return 0;
  const view = await options.reader.open(head, options.signal);
  const place = placeUnder(row, head, seenAt, null);
  for (const { index, leafHash } of waiting) {
    if (index === null || leafHash === null) continue;
    const entry = await view.entry(index);
    const found = toHex(entry.leafHash);
    if (found !== leafHash) throw otherEntry(row, index, leafHash, found, head.note);
    const pending = await takeEntry(ctx, entry, place, options.sink);
    db.transaction(
      (tx) => {
        pending.store(tx);
        options.sink.settle(tx, [pending.id]);
      },
      { behavior: 'immediate' },
    );
  }
  return waiting.length;
}

function otherEntry(row: LogRow, index: number, proved: string, found: string, held: string): LogDataError {
  return new LogDataError(
    'inconsistent',
    `${row.origin} proved to the maker of a bundle that entry ${index} has the leaf ${proved}, but its tree that we verified has ${found} there.`,
    { held, index: String(index), 'leaf in the bundle': proved, 'leaf in our tree': found },
  );
}
