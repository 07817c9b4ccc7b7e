import { and, eq, lte } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';

/** Makes alerts new again whose mute is over; nobody settled them meanwhile, so that they are told of. */
export function endMutes(tx: Writer, now: number): void {
  tx.update(alerts)
    .set({ state: 'new', mutedUntil: null, tell: 'raised' })
    .where(and(eq(alerts.state, 'muted'), lte(alerts.mutedUntil, now)))
    .run();
}
