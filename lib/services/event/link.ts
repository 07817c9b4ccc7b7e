import { and, eq, isNull, or } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import type { events } from '#db/schema/event.ts';
import { settleEvent } from './settle.ts';

type NewEventRow = typeof events.$inferInsert;

/**
 * Joins an event with the verified bundles that are about it, strongest evidence first: the same leaf, else the same
 * signed digest, signature and certificate. Its claim and proven time follow.
 */
export function linkEvent(tx: Writer, event: NewEventRow, isKnownFromBundle: boolean): void {
  const waiting = waitingBundles(tx, event);
  for (const bundle of waiting) {
    tx.update(bundles)
      .set({ eventId: event.id, linkedBy: bundle.leafHash === event.leafHash ? 'leaf' : 'digest' })
      .where(eq(bundles.id, bundle.id))
      .run();
  }
  if (waiting.length > 0 || isKnownFromBundle) settleEvent(tx, event.id);
}

interface WaitingBundle {
  readonly id: string;
  readonly leafHash: string | null;
}

function waitingBundles(tx: Writer, event: NewEventRow): WaitingBundle[] {
  const { leafHash, signatureSha256, certificateSha256, digest } = event;
  const column = signedDigestColumn(event.digestAlgorithm);
  const sameLeaf = leafHash ? eq(bundles.leafHash, leafHash) : undefined;
  const sameSignature =
    digest && signatureSha256 && certificateSha256 && column
      ? and(
          eq(bundles.signatureSha256, signatureSha256),
          eq(bundles.certificateSha256, certificateSha256),
          eq(column, digest),
        )
      : undefined;
  const about = or(sameLeaf, sameSignature);
  if (!about) return [];
  return tx
    .select({ id: bundles.id, leafHash: bundles.leafHash })
    .from(bundles)
    .where(and(about, eq(bundles.state, 'verified'), isNull(bundles.eventId)))
    .all();
}

function signedDigestColumn(algorithm: string | null | undefined) {
  if (algorithm === 'sha256') return bundles.signedSha256;
  if (algorithm === 'sha384') return bundles.signedSha384;
  return algorithm === 'sha512' ? bundles.signedSha512 : null;
}
