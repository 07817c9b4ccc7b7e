import { z } from 'zod';
import type { ServiceContext } from '#lib/services/context.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
import { listRuleSearches } from '#lib/services/rule/list-searches.ts';
import { BackfillRefusedError } from './backfill-refused.ts';
import { openBackfill } from './open-backfill.ts';
import { requireLog } from './require-log.ts';
import { requireSearchable } from './require-searchable.ts';

const inputSchema = z.object({
  logId: z.int().positive(),
  /** Names of rules in force. */
  rules: z.array(z.string().min(1).max(8192)).min(1).max(1000),
});

/** What is to be read, for which rules. */
export interface AskedSearch extends IndexRange {
  readonly rules: readonly string[];
}

/**
 * Opens a search for rules that came later than entries which the log covers. Rules that have not seen the same entries
 * share one reading of them.
 *
 * @returns what was opened.
 * @throws {UnknownLogError | BackfillRefusedError} where a rule is not known, has seen everything, or is being searched for.
 */
export async function askRuleSearch(ctx: ServiceContext, input: z.input<typeof inputSchema>): Promise<AskedSearch[]> {
  const { logId, rules } = inputSchema.parse(input);
  const { db } = ctx.database;
  const log = requireLog(db, logId);
  requireSearchable(log);
  const known = await listRuleSearches(ctx.database, logId);
  const shared = new Map<string, { ranges: readonly IndexRange[]; rules: string[] }>();
  for (const rule of new Set(rules)) {
    const search = known.find((row) => row.rule === rule);
    if (!search) {
      throw new BackfillRefusedError(
        `No rule ${JSON.stringify(rule)} is held against ${log.origin}: give the name of a watch rule in force.`,
      );
    }
    if (search.toAsk.length === 0) continue;
    const key = JSON.stringify(search.toAsk);
    const group = shared.get(key) ?? { ranges: search.toAsk, rules: [] };
    group.rules.push(rule);
    shared.set(key, group);
  }
  const asked = [...shared.values()].flatMap((group) =>
    group.ranges.map((range): AskedSearch => ({ ...range, rules: group.rules })),
  );
  if (asked.length === 0) {
    throw new BackfillRefusedError(
      `Every entry that ${log.origin} covers was held against ${rules.length === 1 ? 'this rule' : 'these rules'}, or is being searched now.`,
    );
  }
  db.transaction(
    (tx) => {
      for (const search of asked) openBackfill(tx, { logId, ...search }, ctx.now());
    },
    { behavior: 'immediate' },
  );
  ctx.log.info({ origin: log.origin, searches: asked }, 'a search for late rules was asked for');
  return asked;
}
