import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { stableId } from '#lib/ids.ts';

/**
 * Gives a log that is followed from now on the events that bundles and indices have shown of it before: the tail then
 * awaits their entries, and makes their proofs its own. An event's id says which log it is of.
 */
export function adoptEvents(tx: Writer, log: { readonly id: number; readonly origin: string }): void {
  const strays = tx
    .select({ id: events.id, index: events.logIndex })
    .from(events)
    .where(and(isNull(events.logId), isNotNull(events.leafHash)))
    .all();
  for (const { id, index } of strays) {
    const isOfLog = index !== null && id === stableId('event', log.origin, index);
    if (isOfLog) tx.update(events).set({ logId: log.id }).where(eq(events.id, id)).run();
  }
}
