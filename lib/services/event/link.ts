import { and, eq, isNull, or } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { settleEvent } from './settle.ts';

type EventRow = typeof events.$inferSelect;
type BundleRow = typeof bundles.$inferSelect;

/**
 * Joins an event with the verified bundles that are about it, strongest evidence first: the same leaf, else the same
 * signed digest, signature and certificate. Its claim and proven time follow.
 */
export function linkEvent(tx: Writer, eventId: string): void {
  const event = tx.select().from(events).where(eq(events.id, eventId)).get();
  if (!event) return;
  for (const bundle of waitingBundles(tx, event)) {
    tx.update(bundles)
      .set({ eventId, linkedBy: bundle.leafHash === event.leafHash ? 'leaf' : 'digest' })
      .where(eq(bundles.id, bundle.id))
      .run();
  }
  settleEvent(tx, eventId);
}

function waitingBundles(tx: Writer, event: EventRow): BundleRow[] {
  const sameLeaf = event.leafHash ? eq(bundles.leafHash, event.leafHash) : undefined;
  const sameSignature =
    event.digest && event.signatureSha256 && event.certificateSha256
      ? and(
          or(
            eq(bundles.signedSha256, event.digest),
            eq(bundles.signedSha384, event.digest),
            eq(bundles.signedSha512, event.digest),
          ),
          eq(bundles.signatureSha256, event.signatureSha256),
          eq(bundles.certificateSha256, event.certificateSha256),
        )
      : undefined;
  const about = or(sameLeaf, sameSignature);
  if (!about) return [];
  return tx
    .select()
    .from(bundles)
    .where(and(eq(bundles.state, 'verified'), isNull(bundles.eventId), about))
    .all();
}
