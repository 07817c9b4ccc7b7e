import { and, eq, isNull } from 'drizzle-orm';
import { deliveries } from '#db/schema/source.ts';
import type { ServiceContext } from '#lib/services/context.ts';

export type Delivery = Omit<typeof deliveries.$inferInsert, 'id' | 'checkedAt'>;
export type DeliveryRow = typeof deliveries.$inferSelect;

/** Notes what became of a file; the same path of the same source is one line, which the latest look overwrites. */
export function recordDelivery(ctx: ServiceContext, delivery: Delivery): void {
  const nothing = { sha256: null, reasonCode: null, reason: null, at: null, bundleId: null };
  const row = { ...nothing, ...delivery, checkedAt: ctx.now() };
  const { source: _, path: __, ...set } = row;
  ctx.database.db
    .insert(deliveries)
    .values(row)
    .onConflictDoUpdate({ target: [deliveries.source, deliveries.path], set })
    .run();
  if (row.outcome === 'refused') {
    const { source, path, reasonCode: code } = row;
    ctx.log.warn({ source, path, code }, row.reason ?? 'refused');
  }
}

export function findDelivery({ database }: ServiceContext, source: string, path: string): DeliveryRow | undefined {
  return database.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.source, source), eq(deliveries.path, path)))
    .get();
}

/** What is gone from a source is no longer listed; the bundles that it held stay. */
export function forgetDeliveries(ctx: ServiceContext, source: string, isThere: (path: string) => boolean): void {
  const listed = ctx.database.db
    .select({ id: deliveries.id, path: deliveries.path })
    .from(deliveries)
    .where(eq(deliveries.source, source))
    .all();
  for (const { id, path } of listed) {
    if (!isThere(path)) ctx.database.db.delete(deliveries).where(eq(deliveries.id, id)).run();
  }
}

/** Takes away what was said of a piece that could not be read, now that it can. */
export function clearUnreadable({ database }: ServiceContext, source: string, path: string): void {
  database.db
    .delete(deliveries)
    .where(
      and(
        eq(deliveries.source, source),
        eq(deliveries.path, path),
        eq(deliveries.reasonCode, 'unreadable'),
        isNull(deliveries.sha256),
      ),
    )
    .run();
}
