import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import type { events } from '#db/schema/event.ts';
import { indexHits } from '#db/schema/source.ts';
import { proveEntry } from '#lib/rekor-v1/prove-entry.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { recordProvenEntry } from './record-proven-entry.ts';

export type IndexHitState = (typeof indexHits.$inferSelect)['state'];

/** What the index of a log named for a root. */
export interface IndexHit {
  readonly root: string;
  readonly logUrl: string;
  readonly entryUuid: string;
}

type Found = Pick<typeof indexHits.$inferInsert, 'state' | 'reason' | 'eventId'>;

/** The hit as it was stored last, or undefined. */
export function findIndexHit({ database }: ServiceContext, { root, logUrl, entryUuid }: IndexHit) {
  return database.db
    .select()
    .from(indexHits)
    .where(and(eq(indexHits.root, root), eq(indexHits.logUrl, logUrl), eq(indexHits.entryUuid, entryUuid)))
    .get();
}

/**
 * Proves an entry that an index named, and stores the hit with its event. That the entry is in the log, by whom and when,
 * is then proved; that it signs this root is the index's word until a bundle shows it.
 */
export function recordIndexHit(
  ctx: ServiceContext,
  hit: IndexHit,
  entry: BundleLogEntry,
  judge: { readonly root: TrustedRoot; readonly matcher: Matcher },
): IndexHitState {
  const now = ctx.now();
  const proven = proveEntry(entry, judge.root);
  return ctx.database.db.transaction(
    (tx) => {
      if (proven.outcome === 'refused')
        return saveHit(tx, hit, { state: 'refused', reason: proven.reason, eventId: null }, now);
      const { eventId, known } = recordProvenEntry(tx, ctx.database.sqlite, {
        ...{ entry, proven, now, claim: 'probable' },
        ...judge,
      });
      if (known) return saveHit(tx, hit, describeKnown(tx, known), now);
      const reason =
        'The entry is in the log; that it signs this model is the word of the index alone, until its bundle is here.';
      return saveHit(tx, hit, { state: 'verified', reason, eventId }, now);
    },
    { behavior: 'immediate' },
  );
}

/** A hit that could not even be fetched or read. */
export function recordUnreadableHit(ctx: ServiceContext, hit: IndexHit, reason: string): void {
  saveHit(ctx.database.db, hit, { state: 'refused', reason, eventId: null }, ctx.now());
}

function describeKnown(tx: Writer, event: typeof events.$inferSelect): Found {
  const bundle = tx
    .select({ id: bundles.id })
    .from(bundles)
    .where(and(eq(bundles.eventId, event.id), eq(bundles.state, 'verified')))
    .get();
  return bundle
    ? { state: 'known', reason: `Its bundle ${bundle.id} is here.`, eventId: event.id }
    : { state: 'verified', reason: 'The entry was seen before; its bundle is not here.', eventId: event.id };
}

function saveHit(
  tx: Writer,
  hit: IndexHit,
  found: Found & { readonly state: IndexHitState },
  now: number,
): IndexHitState {
  tx.insert(indexHits)
    .values({ ...hit, ...found, foundAt: now })
    .onConflictDoUpdate({ target: [indexHits.root, indexHits.logUrl, indexHits.entryUuid], set: found })
    .run();
  return found.state;
}
