import type { Writer } from '#db/client.ts';
import { retractions } from '#db/schema/incident.ts';
import type { StatedRetraction } from '#lib/attestation/retraction.ts';

interface Stated {
  readonly bundleId: string;
  readonly artifactId: number;
  readonly retraction: StatedRetraction;
  readonly now: number;
}

/** Keeps that a verified statement withdraws an artifact. Whether it counts is found by `settleRetractions`. */
export function recordRetraction(tx: Writer, { bundleId, artifactId, retraction, now }: Stated): void {
  const { reason, replacement } = retraction;
  const named = replacement && `${replacement.algorithm}:${replacement.digest}`;
  tx.insert(retractions)
    .values({ bundleId, artifactId, counts: false, reason, replacement: named, firstSeenAt: now })
    .onConflictDoNothing()
    .run();
}
