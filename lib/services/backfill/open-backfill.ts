import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { backfills } from '#db/schema/log.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';

export type BackfillRow = typeof backfills.$inferSelect;

export interface NewBackfill extends IndexRange {
  readonly logId: number;
  /** Names of the rules to search by; null for all in force, which makes coverage. */
  readonly rules: readonly string[] | null;
}

/** Opens a search of what the tail did not read. The same search that is open already is not opened twice. */
export function openBackfill(tx: Writer, { logId, rules, startIndex, endIndex }: NewBackfill, now: number): number {
  const named = rules && JSON.stringify([...rules].sort());
  const open = tx
    .select()
    .from(backfills)
    .where(and(eq(backfills.logId, logId), eq(backfills.state, 'open')))
    .all()
    .find((row) => row.rules === named && row.startIndex <= startIndex && row.endIndex >= endIndex);
  if (open) return open.id;
  const { lastInsertRowid } = tx
    .insert(backfills)
    .values({
      logId,
      kind: named === null ? 'history' : 'rules',
      rules: named,
      startIndex,
      endIndex,
      nextEnd: endIndex,
      state: 'open',
      createdAt: now,
    })
    .run();
  return Number(lastInsertRowid);
}
