import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { backfillRanges, backfills } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { addCoverage } from '#lib/services/log/coverage.ts';
import type { EntrySink, PendingEntry } from '#lib/services/log/entry-sink.ts';
import { addSearched } from '#lib/services/rule/add-searched.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import { type LeasedRange, RANGE_LEASE_MS } from './lease-range.ts';
import type { BackfillRow } from './open-backfill.ts';

export interface RangeCommit {
  readonly backfill: BackfillRow;
  readonly range: LeasedRange;
  /** How far it was read: up to its end, or to here, and the rest stays leased. Exclusive. */
  readonly upTo: number;
  readonly entries: readonly PendingEntry[];
  /** The rules that every entry of the range was held against. */
  readonly rules: readonly WatchRule[];
  /** Entries a second; null where it was too short to tell. */
  readonly rate: number | null;
  readonly sink: EntrySink;
}

/** The range belongs to another worker by now, or is done: nothing of it is stored twice. */
export class RangeLostError extends Error {
  override readonly name = 'RangeLostError';
}

/** What a range held, or the part of it that was read, and that it was read, in one transaction. @throws {RangeLostError} */
export function commitRange(ctx: ServiceContext, commit: RangeCommit): void {
  const { backfill, range, upTo, entries, rules, rate, sink } = commit;
  const { backfillId, startIndex, endIndex, holder } = range;
  const at = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      const done = tx
        .update(backfillRanges)
        .set({ doneAt: at, endIndex: upTo })
        .where(
          and(
            eq(backfillRanges.backfillId, backfillId),
            eq(backfillRanges.startIndex, startIndex),
            eq(backfillRanges.holder, holder),
            isNull(backfillRanges.doneAt),
          ),
        )
        .run();
      if (done.changes !== 1) throw new RangeLostError(`the range from ${startIndex} is no longer held by ${holder}`);
      if (upTo < endIndex) {
        const expiresAt = at + RANGE_LEASE_MS;
        tx.insert(backfillRanges).values({ backfillId, startIndex: upTo, endIndex, holder, expiresAt }).run();
      }
      for (const entry of entries) entry.store(tx);
      sink.settle(
        tx,
        entries.map(({ id }) => id),
      );
      if (backfill.kind === 'history') addCoverage(tx, backfill.logId, { startIndex, endIndex: upTo }, at);
      addSearched(tx, backfill.logId, rules, { startIndex, endIndex: upTo }, at);
      tx.update(backfills)
        .set({
          entries: sql`${backfills.entries} + ${upTo - startIndex}`,
          events: sql`${backfills.events} + ${entries.length}`,
          ...(rate === null ? {} : { rate }),
        })
        .where(eq(backfills.id, backfillId))
        .run();
      finishWhenDone(tx, backfillId, at);
    },
    { behavior: 'immediate' },
  );
}

/** A back-fill whose ranges are all done needs them no more. */
function finishWhenDone(tx: Writer, backfillId: number, at: number): void {
  const backfill = tx.select().from(backfills).where(eq(backfills.id, backfillId)).get();
  if (!backfill || backfill.nextEnd > backfill.startIndex) return;
  const open = tx
    .select({ startIndex: backfillRanges.startIndex })
    .from(backfillRanges)
    .where(and(eq(backfillRanges.backfillId, backfillId), isNull(backfillRanges.doneAt)))
    .get();
  if (open) return;
  tx.update(backfills).set({ state: 'done', finishedAt: at }).where(eq(backfills.id, backfillId)).run();
  tx.delete(backfillRanges).where(eq(backfillRanges.backfillId, backfillId)).run();
}
