import { ne } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { logs } from '#db/schema/log.ts';
import { listRuleSearches } from './list-searches.ts';

/** Rules that have not seen all that a log covers, and that nothing is searching for. */
export interface GapLine {
  readonly logId: number;
  readonly origin: string;
  readonly rules: readonly string[];
  /** The most that one of them has not seen. */
  readonly entries: number;
}

/** One line for each log where rules that came late were not held against what it covers. */
export async function listGapLines(database: OpenDatabase): Promise<GapLine[]> {
  const followed = database.db
    .select({ logId: logs.id, origin: logs.origin })
    .from(logs)
    .where(ne(logs.state, 'removed'))
    .orderBy(logs.origin)
    .all();
  const lines = await Promise.all(
    followed.map(async (log) => {
      const open = (await listRuleSearches(database, log.logId)).filter(({ entriesToAsk }) => entriesToAsk > 0);
      const entries = Math.max(0, ...open.map(({ entriesToAsk }) => entriesToAsk));
      return { ...log, rules: open.map(({ rule }) => rule), entries };
    }),
  );
  return lines.filter(({ rules }) => rules.length > 0);
}
