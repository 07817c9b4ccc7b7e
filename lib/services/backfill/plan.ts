import { and, eq, ne } from 'drizzle-orm';
import { backfills, coverage } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readLog } from '#lib/services/log/position.ts';
import { subtractRanges } from '#lib/services/rule/ranges.ts';
import { getSearchGaps } from '#lib/services/rule/search-gaps.ts';
import { openBackfill } from './open-backfill.ts';

export interface BackfillPlan {
  /** Whether the past of the log, before its tail began, is to be read to its first entry. */
  readonly history: boolean;
}

/**
 * Opens the back-fills that nobody need ask for: of a log's past where the configuration wants it, and of rules that came
 * late where every entry is kept here anyway.
 *
 * @returns how many were opened.
 */
export async function planBackfills(ctx: ServiceContext, logId: number, { history }: BackfillPlan): Promise<number> {
  const log = readLog(ctx.database.db, logId);
  if (log.startIndex === null || log.state !== 'following' || log.reading !== 'entries') return 0;
  const before = countOpen(ctx, logId);
  if (history) openHistory(ctx, logId, log.startIndex);
  for (const gap of await getSearchGaps(ctx.database, logId)) {
    if (!gap.isKept) continue;
    for (const range of gap.ranges) openBackfill(ctx.database.db, { logId, rules: [gap.rule], ...range }, ctx.now());
  }
  return countOpen(ctx, logId) - before;
}

/** What of the time before the tail no back-fill, open or done, has taken on. */
export function openHistory({ database, now }: ServiceContext, logId: number, startIndex: number): void {
  const { db } = database;
  const covered = db.select().from(coverage).where(eq(coverage.logId, logId)).all();
  const taken = db
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.kind, 'history'), ne(backfills.state, 'stopped')))
    .all();
  for (const range of subtractRanges([{ startIndex: 0, endIndex: startIndex }], [...covered, ...taken])) {
    openBackfill(db, { logId, rules: null, ...range }, now());
  }
}

function countOpen({ database }: ServiceContext, logId: number): number {
  return database.db
    .select({ id: backfills.id })
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.state, 'open')))
    .all().length;
}
