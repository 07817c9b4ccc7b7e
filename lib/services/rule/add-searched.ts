import { and, eq, isNotNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { ruleSearches } from '#db/schema/log.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import { ruleDefinition } from './definition.ts';
import { mergeRanges } from './ranges.ts';

/** Takes note that a range of a log was held against these rules, besides what grows with the log. */
export function addSearched(
  tx: Writer,
  logId: number,
  rules: readonly WatchRule[],
  range: IndexRange,
  now: number,
): void {
  for (const rule of rules) {
    const definition = ruleDefinition(rule);
    const isOfRule = and(eq(ruleSearches.logId, logId), eq(ruleSearches.rule, rule.name));
    const isClosed = and(isOfRule, isNotNull(ruleSearches.endIndex));
    const known = tx.select().from(ruleSearches).where(isOfRule).all();
    // The rule became another while the range was read: what was held against the old one counts nothing for the new.
    if (known.some((row) => row.definition !== definition)) continue;
    const closed = known.flatMap(({ startIndex, endIndex }) => (endIndex === null ? [] : [{ startIndex, endIndex }]));
    const ranges = mergeRanges([...closed, range]);
    tx.delete(ruleSearches).where(isClosed).run();
    // The open range of a rule may begin at the very index: it holds what this one does.
    tx.insert(ruleSearches)
      .values(ranges.map((part) => ({ logId, rule: rule.name, definition, ...part, since: now })))
      .onConflictDoNothing()
      .run();
  }
}
