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
  return sink.take(entry, proof, { ...place, checkpointId });
}
