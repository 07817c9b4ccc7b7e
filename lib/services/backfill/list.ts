import { desc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { backfills } from '#db/schema/log.ts';

const LIMIT = 20;

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

/** The latest back-fills of a log, newest first. */
export async function listBackfills({ db }: OpenDatabase, logId: number): Promise<BackfillSummary[]> {
  return db
    .select()
    .from(backfills)
    .where(eq(backfills.logId, logId))
    .orderBy(desc(backfills.id))
    .limit(LIMIT)
    .all()
    .map(({ rules, nextEnd: _, logId: __, ...row }) => {
      const total = row.endIndex - row.startIndex;
      const left = total - row.entries;
      return {
        ...row,
        rules: rules === null ? null : (JSON.parse(rules) as string[]),
        total,
        secondsLeft: row.state === 'open' && row.rate ? Math.ceil(left / row.rate) : null,
      };
    });
}
