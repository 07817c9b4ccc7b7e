import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { backfills, coverage } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
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
 * late where every entry is kept here anyway. What somebody stopped is opened by nobody but somebody who asks for it.
 *
 * @returns how many were opened.
 */
export async function planBackfills(ctx: ServiceContext, logId: number, { history }: BackfillPlan): Promise<number> {
  const { db } = ctx.database;
  const log = readLog(db, logId);
  if (log.startIndex === null || log.state !== 'following' || log.reading !== 'entries') return 0;
  const before = countOpen(ctx, logId);
  if (history) openHistory(db, logId, { startIndex: log.startIndex, again: false, now: ctx.now() });
  for (const gap of await getSearchGaps(ctx.database, logId)) {
    if (!gap.isKept) continue;
    const stopped = stoppedSince(db, logId, gap.rule, gap.since);
    for (const range of subtractRanges(gap.ranges, stopped)) {
      openBackfill(db, { logId, rules: [gap.rule], ...range }, ctx.now());
    }
  }
  return countOpen(ctx, logId) - before;
}

export interface HistoryOptions {
  /** Where the tail began. */
  readonly startIndex: number;
  /** Whether what was stopped is taken on again. */
  readonly again: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Takes on what of the time before the tail no back-fill, open or done, has. Returns the ranges opened. */
export function openHistory(tx: Writer, logId: number, { startIndex, again, now }: HistoryOptions): IndexRange[] {
  const covered = tx.select().from(coverage).where(eq(coverage.logId, logId)).all();
  const taken = tx
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.kind, 'history')))
    .all()
    .filter(({ state }) => state !== 'stopped' || !again);
  const ranges = subtractRanges([{ startIndex: 0, endIndex: startIndex }], [...covered, ...taken]);
  for (const range of ranges) openBackfill(tx, { logId, rules: null, ...range }, now);
  return ranges;
}

/** What somebody stopped of searches for a rule as it is now. */
function stoppedSince(tx: Writer, logId: number, rule: string, since: number): IndexRange[] {
  return tx
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.kind, 'rules'), eq(backfills.state, 'stopped')))
    .all()
    .filter(({ rules, createdAt }) => createdAt >= since && (JSON.parse(rules ?? '[]') as string[]).includes(rule));
}

function countOpen({ database }: ServiceContext, logId: number): number {
  return database.db
    .select({ id: backfills.id })
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.state, 'open')))
    .all().length;
}
