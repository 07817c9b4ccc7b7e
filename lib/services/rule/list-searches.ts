import { and, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { backfills, ruleSearches } from '#db/schema/log.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
import { countIndices, subtractRanges } from './ranges.ts';
import { getSearchGaps } from './search-gaps.ts';

/** What a rule, as it is now, has seen of the entries that a log covers. */
export interface RuleSearch {
  readonly rule: string;
  /** Milliseconds since the epoch: when the rule, as it is now, came into force. */
  readonly since: number;
  /** Covered entries that were not held against it. */
  readonly unseen: readonly IndexRange[];
  readonly entries: number;
  /** What of it no open back-fill is to read. */
  readonly toAsk: readonly IndexRange[];
  readonly entriesToAsk: number;
  /** Whether the entries are kept here (a full mirror), so that no log need be asked. */
  readonly isKept: boolean;
}

/** Every rule that is held against a log, by name, with what it has not seen. */
export async function listRuleSearches(database: OpenDatabase, logId: number): Promise<RuleSearch[]> {
  const { db } = database;
  const gaps = new Map((await getSearchGaps(database, logId)).map((gap) => [gap.rule, gap]));
  const open = db
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.state, 'open')))
    .all()
    .map(({ rules, ...range }) => ({ ...range, rules: rules === null ? null : (JSON.parse(rules) as string[]) }));
  const rows = db.select().from(ruleSearches).where(eq(ruleSearches.logId, logId)).orderBy(ruleSearches.rule).all();
  return [...Map.groupBy(rows, ({ rule }) => rule)].map(([rule, searches]) => {
    const gap = gaps.get(rule);
    const unseen = gap?.ranges ?? [];
    const toAsk = subtractRanges(
      unseen,
      open.filter(({ rules }) => rules?.includes(rule)),
    );
    const growing = searches.filter(({ endIndex }) => endIndex === null);
    return {
      rule,
      since: Math.min(...(growing.length > 0 ? growing : searches).map(({ since }) => since)),
      unseen,
      entries: countIndices(unseen),
      toAsk,
      entriesToAsk: countIndices(toAsk),
      isKept: gap?.isKept ?? false,
    };
  });
}
