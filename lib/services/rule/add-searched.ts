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
    const isClosed = and(
      eq(ruleSearches.logId, logId),
      eq(ruleSearches.rule, rule.name),
      isNotNull(ruleSearches.endIndex),
    );
    const known = tx.select().from(ruleSearches).where(isClosed).all();
    const same = known.filter((row) => row.definition === definition);
    const ranges = mergeRanges([
      ...same.map(({ startIndex, endIndex }) => ({ startIndex, endIndex: endIndex ?? 0 })),
      range,
    ]);
    tx.delete(ruleSearches).where(isClosed).run();
    // The open range of a rule may begin at the very index: it holds what this one does.
    tx.insert(ruleSearches)
      .values(ranges.map((part) => ({ logId, rule: rule.name, definition, ...part, since: now })))
      .onConflictDoNothing()
      .run();
  }
}
