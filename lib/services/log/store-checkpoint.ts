import { createHash } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { checkpoints } from '#db/schema/log.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';

export interface SeenHead {
  /** Milliseconds since the epoch. */
  readonly seenAt: number;
  /** What it was proved to continue, if anything. */
  readonly previous?: { readonly size: number; readonly proof: readonly Uint8Array[] } | null;
  readonly state?: 'observed' | 'inconsistent';
  /** How it reached us: from the log itself, unless said. */
  readonly seenFrom?: (typeof checkpoints.$inferSelect)['seenFrom'];
  /** The witness, address or bundle that showed it. */
  readonly place?: string;
}

/**
 * Keeps a signed note once, and with it the proof of what it continues, once there is one. A note that is stored as
 * observed becomes inconsistent where that is what it proved to be. Returns the row's id.
 */
export function storeCheckpoint(
  db: Writer,
  logId: number,
  checkpoint: SignedCheckpoint,
  { seenAt, previous = null, state = 'observed', seenFrom = 'log', place }: SeenHead,
): number {
  db.insert(checkpoints)
    .values({
      logId,
      size: checkpoint.size,
      root: Buffer.from(checkpoint.root),
      note: checkpoint.note,
      noteSha256: noteDigest(checkpoint),
      state,
      seenFrom,
      seenAt: place ?? null,
      previousSize: previous?.size ?? null,
      consistencyProof: previous && Buffer.concat(previous.proof),
      ...witnessColumns(checkpoint),
      firstSeenAt: seenAt,
    })
    .onConflictDoNothing()
    .run();
  const stored = findNote(db, logId, checkpoint);
  if (!stored) throw new Error('the checkpoint was not stored');
  if (previous) {
    db.update(checkpoints)
      .set({ previousSize: previous.size, consistencyProof: Buffer.concat(previous.proof) })
      .where(and(eq(checkpoints.id, stored.id), isNull(checkpoints.previousSize)))
      .run();
  }
  if (state === 'inconsistent') {
    db.update(checkpoints)
      .set({ state })
      .where(and(eq(checkpoints.id, stored.id), eq(checkpoints.state, 'observed')))
      .run();
  }
  return stored.id;
}

/** What the operator's witnesses say of a head, as it is stored. */
export function witnessColumns({ cosignatures, witnesses }: SignedCheckpoint) {
  if (!witnesses) return { cosignatures };
  const { cosigned, state, evaluation } = witnesses;
  return {
    cosignatures: cosigned.length,
    cosigners: JSON.stringify(cosigned.map(({ witness, timestamp }) => ({ name: witness, timestamp }))),
    quorum: evaluation.met && state === 'quorum-met',
  };
}

function findNote(db: Writer, logId: number, checkpoint: SignedCheckpoint) {
  return db
    .select({ id: checkpoints.id, state: checkpoints.state })
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, logId), eq(checkpoints.noteSha256, noteDigest(checkpoint))))
    .get();
}

/** SHA-256 of the whole note, in lowercase hex. */
export function noteDigest(checkpoint: SignedCheckpoint): string {
  return createHash('sha256').update(checkpoint.note).digest('hex');
}
