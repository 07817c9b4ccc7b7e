import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * The leaf hashes of one log that bundles have shown us and the tail has not read yet: such entries are taken even where
 * no rule names them, so that a bundle's own proof becomes one that we made ourselves. Lowercase hex.
 */
export function awaitedLeaves(ctx: ServiceContext, logId: number): ReadonlySet<string> {
  const { db } = ctx.database;
  const shown = db
    .select({ leafHash: events.leafHash })
    .from(events)
    .where(and(eq(events.logId, logId), eq(events.seenBy, 'bundle'), isNotNull(events.leafHash)))
    .all();
  // A rewind takes events away that bundles were joined with; those wait again.
  const parted = db
    .select({ leafHash: bundles.leafHash })
    .from(bundles)
    .where(and(isNull(bundles.eventId), eq(bundles.state, 'verified'), isNotNull(bundles.leafHash)))
    .all();
  return new Set([...shown, ...parted].map(({ leafHash }) => leafHash ?? ''));
}
