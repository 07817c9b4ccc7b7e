import type { Check } from '#lib/provenance/check.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import type { KeptEntry } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { CheckpointPlace } from './entry-place.ts';
import type { EntrySink, PendingEntry } from './entry-sink.ts';
import { storeCheckpoint } from './store-checkpoint.ts';

/**
 * Makes what is stored of a picked entry, with its proof. An entry that comes with a signed head of its own (Rekor v1) is
 * kept under that: the head is stored, and compared with our tree like any other.
 */
export async function takeEntry(
  ctx: ServiceContext,
  entry: KeptEntry,
  place: CheckpointPlace,
  sink: EntrySink,
): Promise<PendingEntry> {
  const proof = await entry.proof();
  if (!proof.head) return sink.take(entry, proof, place);
  const checkpointId = storeCheckpoint(ctx.database.db, place.logId, proof.head, {
    seenAt: place.seenAt,
    seenFrom: 'entry',
  });
  return sink.take(entry, proof, {
    ...place,
    checkpointId,
    checks: [...place.checks, ownHeadCheck(place, proof.head)],
  });
}

/** Beside the checks of the tree that was read: once its entries give its root, the entry is part of that too. */
function ownHeadCheck({ origin }: CheckpointPlace, { size, root }: SignedCheckpoint): Check {
  return {
    name: 'checkpoint-signature',
    outcome: 'passed',
    statement: `The entry came with a checkpoint of size ${size}, which ${origin} signed too.`,
    evidence: { origin, size: String(size), root: Buffer.from(root).toString('base64') },
  };
}
