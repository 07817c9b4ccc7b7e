import { eq, sql } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { graphChanges } from '#db/schema/incident.ts';

const ROW = 1;

/** Counts a change of the graph, in the transaction that made it: incidents that were worked out before are looked at again. */
export function countGraphChange(tx: Writer): void {
  tx.insert(graphChanges)
    .values({ id: ROW, count: 1 })
    .onConflictDoUpdate({ target: graphChanges.id, set: { count: sql`${graphChanges.count} + 1` } })
    .run();
}

/** How often the graph was changed so far. */
export function graphChangeCount(db: Db | Writer): number {
  return db.select({ count: graphChanges.count }).from(graphChanges).where(eq(graphChanges.id, ROW)).get()?.count ?? 0;
}
