import { and, asc, eq, gte, lte } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { coverage } from '#db/schema/log.ts';

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
  const merged = {
    startIndex: Math.min(startIndex, ...touching.map((range) => range.startIndex)),
    endIndex: Math.max(endIndex, ...touching.map((range) => range.endIndex)),
  };
  for (const range of touching) {
    tx.delete(coverage)
      .where(and(eq(coverage.logId, logId), eq(coverage.startIndex, range.startIndex)))
      .run();
  }
  tx.insert(coverage)
    .values({ logId, ...merged, verifiedAt: at })
    .run();
}
