import { and, eq, inArray, notInArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { logs, ruleSearches } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import { ruleDefinition } from './definition.ts';

/** A rule that has not seen what is stored: it is new, or its definition changed. */
export interface TakenUpRule {
  readonly rule: WatchRule;
  readonly isNew: boolean;
}

/**
 * Takes note of the rules in force: from now on each log is held against them as they are, and what came before was not.
 *
 * @returns the rules that are new or changed, which have to be held against what is stored.
 */
export function takeUpRules(ctx: ServiceContext, rules: readonly WatchRule[]): TakenUpRule[] {
  const taken = new Map<string, TakenUpRule>();
  ctx.database.db.transaction(
    (tx) => {
      dropUnused(tx, rules);
      // Those too that are not followed now: should they be again, their tails go on where they stand.
      for (const log of tx.select().from(logs).all()) {
        for (const rule of rules) {
          const definition = ruleDefinition(rule);
          const known = tx
            .select({ definition: ruleSearches.definition })
            .from(ruleSearches)
            .where(and(eq(ruleSearches.logId, log.id), eq(ruleSearches.rule, rule.name)))
            .all();
          if (known.some((row) => row.definition === definition)) continue;
          tx.delete(ruleSearches)
            .where(and(eq(ruleSearches.logId, log.id), eq(ruleSearches.rule, rule.name)))
            .run();
          // A log that was not taken up yet has nothing that the rule could have missed.
          const startIndex = log.startIndex === null ? 0 : log.downloadedSize;
          tx.insert(ruleSearches)
            .values({ logId: log.id, rule: rule.name, definition, startIndex, endIndex: null, since: ctx.now() })
            .run();
          if (startIndex > 0) taken.set(rule.name, { rule, isNew: known.length === 0 });
        }
      }
    },
    { behavior: 'immediate' },
  );
  return [...taken.values()];
}

/** What is no longer watched needs no account of where it was searched; its events stay. */
function dropUnused(tx: Writer, rules: readonly WatchRule[]): void {
  const names = rules.map(({ name }) => name);
  const unused = tx
    .selectDistinct({ rule: ruleSearches.rule })
    .from(ruleSearches)
    .where(notInArray(ruleSearches.rule, names))
    .all()
    .map(({ rule }) => rule);
  if (unused.length > 0) tx.delete(ruleSearches).where(inArray(ruleSearches.rule, unused)).run();
}
