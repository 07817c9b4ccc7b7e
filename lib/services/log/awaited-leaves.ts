import { and, eq, isNotNull } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * The leaf hashes of one log that bundles have shown us and the tail has not read yet: such entries are taken even where
 * no rule names them, so that a bundle's own proof becomes one that we made ourselves. Lowercase hex.
 */
export function awaitedLeaves(ctx: ServiceContext, logId: number): ReadonlySet<string> {
  const awaited = ctx.database.db
    .select({ leafHash: events.leafHash })
    .from(events)
    .where(and(eq(events.logId, logId), eq(events.seenBy, 'bundle'), isNotNull(events.leafHash)))
    .all();
  return new Set(awaited.map(({ leafHash }) => leafHash ?? ''));
}
