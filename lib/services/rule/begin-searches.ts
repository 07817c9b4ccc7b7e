import type { Writer } from '#db/client.ts';
import { ruleSearches } from '#db/schema/log.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import { ruleDefinition } from './definition.ts';

/** Takes note, as a log is taken up, that all of it that will be read is held against these rules from the first entry on. */
export function beginSearches(tx: Writer, logId: number, rules: readonly WatchRule[], now: number): void {
  for (const rule of rules) {
    const row = { logId, rule: rule.name, definition: ruleDefinition(rule), startIndex: 0, endIndex: null, since: now };
    // There are no stored entries of a log that was never read.
    tx.insert(ruleSearches)
      .values({ ...row, storedAt: now })
      .onConflictDoNothing()
      .run();
  }
}
