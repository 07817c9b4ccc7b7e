import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { versions } from '#db/schema/model.ts';
import { claimFromBundles } from '#lib/provenance/claim.ts';

/** Times that prove when it was signed, better than what a log entry alone can show. */
const PROVEN_TIMES: ReadonlySet<string | null> = new Set(['timestamp-authority', 'integrated-time']);

/**
 * Sets what the bundles joined with an event say of it: its claim, and the signing time that they prove.
 * Without a joined bundle the event stays as it was.
 */
export function settleEvent(tx: Writer, eventId: string): void {
  const joined = tx
    .select()
    .from(bundles)
    .where(and(eq(bundles.eventId, eventId), eq(bundles.state, 'verified')))
    .orderBy(bundles.id)
    .all();
  if (joined.length === 0) return;
  const claim = claimFromBundles(
    joined.map(({ id, versionId, predicateType }) => ({
      signsVersion: versionId !== null,
      predicateType,
      isAboutVersion: isAboutVersion(tx, id),
    })),
  );
  const timed = joined.find(({ signedAt, signedAtSource }) => signedAt !== null && PROVEN_TIMES.has(signedAtSource));
  const time = timed?.signedAt
    ? { signedAt: timed.signedAt, signedAtSource: timed.signedAtSource, occurredAt: timed.signedAt }
    : {};
  tx.update(events)
    .set({ claim, ...time })
    .where(eq(events.id, eventId))
    .run();
}

function isAboutVersion(tx: Writer, bundleId: string): boolean {
  const about = tx
    .select({ root: versions.root })
    .from(bundleSubjects)
    .innerJoin(versions, eq(versions.root, bundleSubjects.digest))
    .where(eq(bundleSubjects.bundleId, bundleId))
    .get();
  return about !== undefined;
}
