import { and, eq, isNotNull } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * Tells the leaves of one log that bundles have shown us and the tail has not read yet: they are taken even where no
 * rule names them, so that a bundle's own proof becomes one that we made ourselves.
 */
export function awaitedLeaves(ctx: ServiceContext, logId: number): (leafHash: Uint8Array) => boolean {
  const awaited = new Set(
    ctx.database.db
      .select({ leafHash: events.leafHash })
      .from(events)
      .where(and(eq(events.logId, logId), eq(events.seenBy, 'bundle'), isNotNull(events.leafHash)))
      .all()
      .map(({ leafHash }) => leafHash),
  );
  if (awaited.size === 0) return () => false;
  return (leafHash) => awaited.has(Buffer.from(leafHash).toString('hex'));
}
