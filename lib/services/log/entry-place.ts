import type { Check } from '#lib/provenance/check.ts';
import type { EntryPlace } from '#lib/services/event/build.ts';
import type { LogRow } from './position.ts';

/** A place under a checkpoint, for every entry of it that becomes an event. */
export type CheckpointPlace = Omit<EntryPlace, 'inclusionProof' | 'takenAt'>;

/** A checkpoint as it is stored, its signature verified. */
export interface StoredHead {
  readonly id: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/** @param previous what the checkpoint was proved to continue; null where that was done when it was verified. */
export function placeUnder(
  log: LogRow,
  { id: checkpointId, size, root }: StoredHead,
  seenAt: number,
  previous: { readonly size: number; readonly proof: readonly Uint8Array[] } | null,
): CheckpointPlace {
  const checks = [signatureCheck(log, size, root), ...(previous ? [consistencyCheck(size, previous)] : [])];
  return { logId: log.id, origin: log.origin, checkpointId, treeSize: size, seenAt, checks };
}

function signatureCheck({ origin, logId, source }: LogRow, size: number, root: Uint8Array): Check {
  const namedBy = source === 'configuration' ? 'configuration' : 'trust root';
  return {
    name: 'checkpoint-signature',
    outcome: 'passed',
    statement: `${origin} signed the checkpoint of size ${size} with the key that the ${namedBy} names.`,
    evidence: { origin, 'log id': logId, size: String(size), root: Buffer.from(root).toString('base64') },
  };
}

function consistencyCheck(size: number, previous: { size: number; proof: readonly Uint8Array[] }): Check {
  const isFirst = previous.size === 0;
  return {
    name: 'consistency',
    outcome: isFirst ? 'not-made' : 'passed',
    statement: isFirst
      ? 'This was the first checkpoint that we took from the log: there was none before it to be consistent with.'
      : `The tree of ${size} entries continues the tree of ${previous.size} that we held.`,
    evidence: { 'size before': String(previous.size), 'proof hashes': String(previous.proof.length) },
  };
}
