import { and, asc, eq, gte, lte } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { coverage } from '#db/schema/log.ts';
import { mergeRanges } from '#lib/services/rule/ranges.ts';

/** Indices from `startIndex` to `endIndex`, the latter excluded. */
export interface IndexRange {
  readonly startIndex: number;
  readonly endIndex: number;
}

/** Adds a range of which every entry was bound to a signed root and looked at; what touches it becomes one with it. */
export function addCoverage(tx: Writer, logId: number, { startIndex, endIndex }: IndexRange, at: number): void {
  if (endIndex <= startIndex) return;
  const touching = tx
    .select()
    .from(coverage)
    .where(and(eq(coverage.logId, logId), lte(coverage.startIndex, endIndex), gte(coverage.endIndex, startIndex)))
    .orderBy(asc(coverage.startIndex))
    .all();
  // All of them touch the new range, so that one is left.
  const merged = mergeRanges([...touching, { startIndex, endIndex }]);
  for (const range of touching) {
    tx.delete(coverage)
      .where(and(eq(coverage.logId, logId), eq(coverage.startIndex, range.startIndex)))
      .run();
  }
  tx.insert(coverage)
    .values(merged.map((range) => ({ logId, ...range, verifiedAt: at })))
    .run();
}
