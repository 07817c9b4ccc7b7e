import { and, between, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settleExpected } from './settle.ts';

/** `other-owner`: somebody else declared it, or a file did. */
export type Withdrawal = 'withdrawn' | 'unknown' | 'other-owner';

/**
 * Takes a declaration back that came over the API, as if it had never been made: what it accounted for is an alarm again,
 * unless another declaration accounts for it.
 *
 * @param by the token's name; null for one that may withdraw everybody's.
 */
export function withdrawExpected(ctx: ServiceContext, id: string, by: string | null): Withdrawal {
  return ctx.database.db.transaction(
    (tx) => {
      const row = tx.select().from(expectedSignings).where(eq(expectedSignings.id, id)).get();
      if (!row || row.source === 'canary') return 'unknown';
      if (row.source !== 'api' || (by !== null && row.declaredBy !== by)) return 'other-owner';
      removeExpected(tx, id);
      return 'withdrawn';
    },
    { behavior: 'immediate' },
  );
}

/** Removes a declaration, and finds for what it accounted for another one, if there is one. */
export function removeExpected(tx: Writer, id: string): void {
  const row = tx.select().from(expectedSignings).where(eq(expectedSignings.id, id)).get();
  if (!row) return;
  const accounted = tx
    .select({ id: events.id })
    .from(events)
    .where(and(between(events.occurredAt, row.validFrom, row.validUntil), eq(events.expectedBy, id)))
    .all();
  tx.delete(expectedSignings).where(eq(expectedSignings.id, id)).run();
  settleExpected(tx, { eventIds: accounted.map((event) => event.id) });
}
