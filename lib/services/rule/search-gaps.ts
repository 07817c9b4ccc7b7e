import { and, asc, eq, inArray } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { coverage, logs, ruleSearches } from '#db/schema/log.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
import { countIndices, subtractRanges } from './ranges.ts';

/** What of a log's verified entries a rule was not held against. */
export interface SearchGap {
  readonly logId: number;
  readonly origin: string;
  readonly rule: string;
  /** Milliseconds since the epoch: when the rule, as it is now, came into force. */
  readonly since: number;
  readonly ranges: readonly IndexRange[];
  readonly entries: number;
  /** Whether the entries are kept here (a full mirror), so that no log need be asked. */
  readonly isKept: boolean;
}

/** Where rules have not been: nothing is said about entries that a log covers but a rule never saw. */
export async function getSearchGaps({ db }: OpenDatabase, logId?: number): Promise<SearchGap[]> {
  const followed = db
    .select()
    .from(logs)
    .where(and(inArray(logs.state, ['following', 'frozen']), logId === undefined ? undefined : eq(logs.id, logId)))
    .orderBy(asc(logs.origin))
    .all();
  return followed.flatMap((log) => {
    const covered = db.select().from(coverage).where(eq(coverage.logId, log.id)).all();
    const searches = db.select().from(ruleSearches).where(eq(ruleSearches.logId, log.id)).all();
    const byRule = Map.groupBy(searches, ({ rule }) => rule);
    return [...byRule].flatMap(([rule, rows]): SearchGap[] => {
      const seen = rows.map(({ startIndex, endIndex }) => ({ startIndex, endIndex: endIndex ?? Infinity }));
      const ranges = subtractRanges(covered, seen);
      if (ranges.length === 0) return [];
      const since = Math.min(...rows.filter(({ endIndex }) => endIndex === null).map((row) => row.since));
      const isKept = log.mirrorSize >= Math.max(...ranges.map(({ endIndex }) => endIndex));
      return [{ logId: log.id, origin: log.origin, rule, since, ranges, entries: countIndices(ranges), isKept }];
    });
  });
}
