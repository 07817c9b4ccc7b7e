import type { events } from '#db/schema/event.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { EntryPlace } from './build.ts';

const HASH_BYTES = 32;

type Placed = Pick<
  typeof events.$inferSelect,
  'logId' | 'checkpointId' | 'treeSize' | 'inclusionProof' | 'signedAt' | 'signedAtSource' | 'firstSeenAt' | 'checks'
> & { readonly origin: string };

/** Where a stored entry was read and what binds it there, as it was when it was read; null where it was not the tail's. */
export function storedPlace(event: Placed): EntryPlace | null {
  const { logId, checkpointId, treeSize, inclusionProof, origin, firstSeenAt: seenAt } = event;
  if (logId === null || checkpointId === null || treeSize === null || inclusionProof === null) return null;
  const takenAt = event.signedAtSource === 'integrated-time' ? event.signedAt : null;
  return {
    logId,
    origin,
    checkpointId,
    treeSize,
    inclusionProof: hashesOf(inclusionProof),
    takenAt,
    seenAt,
    checks: checksOfPlace(event.checks),
  };
}

/** Hashes are stored one after the other. */
function hashesOf(proof: Buffer): Uint8Array[] {
  return Array.from({ length: proof.length / HASH_BYTES }, (_, i) =>
    proof.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** Those that brought the entry here stand before its inclusion. */
function checksOfPlace(json: string): Check[] {
  const checks = JSON.parse(json) as Check[];
  const end = checks.findIndex(({ name }) => name === 'inclusion');
  return checks.slice(0, Math.max(0, end));
}
