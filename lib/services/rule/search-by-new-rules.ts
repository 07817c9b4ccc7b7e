import { and, inArray, isNull } from 'drizzle-orm';
import { ruleSearches } from '#db/schema/log.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { searchStored } from './search-stored.ts';

/**
 * Holds the rules that are new or changed against every entry that is stored. An end in the middle loses nothing: what is
 * not done to the end is done again.
 *
 * @param rules those in force.
 * @returns the rules searched by, and how many events met one that they had not met before.
 */
export async function searchByNewRules(
  ctx: ServiceContext,
  rules: readonly WatchRule[],
  standards: Pick<Standards, 'policies'>,
  signal?: AbortSignal,
): Promise<{ readonly rules: readonly string[]; readonly met: number }> {
  const { db } = ctx.database;
  const isOpen = and(isNull(ruleSearches.storedAt), isNull(ruleSearches.endIndex));
  const waiting = new Set(
    db
      .selectDistinct({ rule: ruleSearches.rule })
      .from(ruleSearches)
      .where(isOpen)
      .all()
      .map(({ rule }) => rule),
  );
  const chosen = rules.filter(({ name }) => waiting.has(name));
  if (chosen.length === 0) return { rules: [], met: 0 };
  const names = chosen.map(({ name }) => name);
  const met = await searchStored(ctx, compileRules(chosen, nodeSha256), standards, signal);
  db.update(ruleSearches)
    .set({ storedAt: ctx.now() })
    .where(and(isOpen, inArray(ruleSearches.rule, names)))
    .run();
  return { rules: names, met };
}
