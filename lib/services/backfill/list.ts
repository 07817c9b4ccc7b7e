import { and, desc, eq, ne } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { backfills } from '#db/schema/log.ts';

/** Open ones listed of a log: a rule that came late may have many gaps. */
const OPEN_LIMIT = 200;
/** Ended ones, the latest. */
const ENDED_LIMIT = 20;

export interface BackfillSummary {
  readonly id: number;
  readonly kind: 'history' | 'rules';
  readonly rules: readonly string[] | null;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly state: 'open' | 'done' | 'stopped';
  /** Entries read of those there are. */
  readonly entries: number;
  readonly total: number;
  readonly events: number;
  readonly rate: number | null;
  /** Seconds left at the present rate; null where that is not known. */
  readonly secondsLeft: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** The back-fills of a log: those that are open, and the latest that ended; newest first. */
export async function listBackfills(database: OpenDatabase, logId: number): Promise<BackfillSummary[]> {
  const ended = database.db
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), ne(backfills.state, 'open')))
    .orderBy(desc(backfills.id))
    .limit(ENDED_LIMIT)
    .all();
  return [...listOpenBackfills(database, logId), ...ended.map(summarise)];
}

/** Those that are open, newest first. */
export function listOpenBackfills({ db }: OpenDatabase, logId: number): BackfillSummary[] {
  return db
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.state, 'open')))
    .orderBy(desc(backfills.id))
    .limit(OPEN_LIMIT)
    .all()
    .map(summarise);
}

function summarise({ rules, nextEnd: _, logId: __, ...row }: typeof backfills.$inferSelect): BackfillSummary {
  const total = row.endIndex - row.startIndex;
  const left = total - row.entries;
  return {
    ...row,
    rules: rules === null ? null : (JSON.parse(rules) as string[]),
    total,
    secondsLeft: row.state === 'open' && row.rate ? Math.ceil(left / row.rate) : null,
  };
}
