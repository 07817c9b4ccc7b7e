import { and, asc, eq, gte, isNull, lt } from 'drizzle-orm';
import { backfillRanges, backfills } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { isGone } from '#lib/services/job/lease.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';

/** A worker that says nothing for so long has lost its range. */
export const RANGE_LEASE_MS = 600_000;

export interface LeasedRange extends IndexRange {
  readonly backfillId: number;
  readonly holder: string;
}

/**
 * Takes the next range of a back-fill for `holder`: one whose holder is gone or silent, else the newest that nobody took. Null where
 * there is none left to take.
 *
 * @param entries how many a range has at most; ranges begin at a multiple of it, so that each costs whole bundles.
 */
export function leaseRange(
  ctx: ServiceContext,
  backfillId: number,
  holder: string,
  entries: number,
): LeasedRange | null {
  const now = ctx.now();
  const expiresAt = now + RANGE_LEASE_MS;
  return ctx.database.db.transaction(
    (tx) => {
      const backfill = tx.select().from(backfills).where(eq(backfills.id, backfillId)).get();
      if (backfill?.state !== 'open') return null;
      const lost = tx
        .select()
        .from(backfillRanges)
        .where(and(eq(backfillRanges.backfillId, backfillId), isNull(backfillRanges.doneAt)))
        .orderBy(asc(backfillRanges.startIndex))
        .all()
        .find((range) => range.expiresAt < now || (range.holder !== holder && isGone(range.holder)));
      if (lost) {
        const { startIndex, endIndex } = lost;
        tx.update(backfillRanges)
          .set({ holder, expiresAt })
          .where(and(eq(backfillRanges.backfillId, backfillId), eq(backfillRanges.startIndex, startIndex)))
          .run();
        return { backfillId, holder, startIndex, endIndex };
      }
      const endIndex = backfill.nextEnd;
      if (endIndex <= backfill.startIndex) return null;
      const startIndex = Math.max(backfill.startIndex, Math.floor((endIndex - 1) / entries) * entries);
      tx.insert(backfillRanges).values({ backfillId, startIndex, endIndex, holder, expiresAt }).run();
      tx.update(backfills).set({ nextEnd: startIndex }).where(eq(backfills.id, backfillId)).run();
      return { backfillId, holder, startIndex, endIndex };
    },
    { behavior: 'immediate' },
  );
}

/** Gives back what `holder` did not read of a range, so that it need not wait for its lease to run out. */
export function returnRange(ctx: ServiceContext, { backfillId, startIndex, endIndex, holder }: LeasedRange): void {
  ctx.database.db
    .update(backfillRanges)
    .set({ expiresAt: 0 })
    .where(
      and(
        eq(backfillRanges.backfillId, backfillId),
        gte(backfillRanges.startIndex, startIndex),
        lt(backfillRanges.startIndex, endIndex),
        eq(backfillRanges.holder, holder),
        isNull(backfillRanges.doneAt),
      ),
    )
    .run();
}
