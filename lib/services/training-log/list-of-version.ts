import { and, eq, inArray, or } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { versions } from '#db/schema/model.ts';
import { trainingLogs } from '#db/schema/training-log.ts';
import type { AttestationFacts, StatedTrainingLog } from '#lib/attestation/facts.ts';
import { type ModelBundle, selectAttestationsOf } from '#lib/services/model/version-bundles.ts';
import { type StoredTrainingLog, storedTrainingLogColumns, toStoredTrainingLog } from './get.ts';

/** `matches`: handed in, and what was attested. `awaited`: nobody handed it in. `differs`: handed in, and not what was attested. */
export type TrainingLogState = 'matches' | 'awaited' | 'differs';

/** A training log that verified provenance of a version names. */
export interface VersionTrainingLog extends Omit<StatedTrainingLog, 'at'> {
  readonly state: TrainingLogState;
  /** What differs; null for the other states. */
  readonly reason: string | null;
  /** The statements that name it, newest first. */
  readonly attestedBy: readonly (ModelBundle & { readonly at: number; readonly place: string })[];
  readonly log: StoredTrainingLog | null;
}

/** Each holds a summary of some hundred kilobytes at the most. */
const LIMIT = 16;

/** The training logs that verified provenance of a version names, with those of them that were handed in. */
export async function listTrainingLogsOfVersion(
  { db }: OpenDatabase,
  { versionId }: { readonly versionId: string },
): Promise<readonly VersionTrainingLog[]> {
  const bundles = selectAttestationsOf(db, eq(versions.id, versionId)).filter(({ kind }) => kind === 'slsa-provenance');
  const rows = db
    .select({ bundleId: attestations.bundleId, facts: attestations.facts })
    .from(attestations)
    .where(
      inArray(
        attestations.bundleId,
        bundles.map(({ bundleId }) => bundleId),
      ),
    )
    .all();
  const facts = new Map(rows.map((row) => [row.bundleId, JSON.parse(row.facts) as AttestationFacts]));
  const named = bundles.flatMap((bundle) =>
    (facts.get(bundle.bundleId)?.trainingLogs ?? []).map((stated) => ({ bundle, stated })),
  );
  const byLog = Map.groupBy(named, ({ stated }) => `${stated.sha256} ${stated.root} ${stated.size}`);
  return [...byLog.values()].slice(0, LIMIT).flatMap((statements) => {
    const [first] = statements;
    if (!first) return [];
    const { sha256, root, size } = first.stated;
    const attestedBy = statements.map(({ bundle, stated }) => ({ ...bundle, place: stated.at }));
    return [{ sha256, root, size, attestedBy, ...findStored(db, first.stated) }];
  });
}

function findStored(
  db: OpenDatabase['db'],
  stated: StatedTrainingLog,
): Pick<VersionTrainingLog, 'state' | 'reason' | 'log'> {
  const { sha256, root, size } = stated;
  const found = db
    .select(storedTrainingLogColumns)
    .from(trainingLogs)
    .where(or(eq(trainingLogs.sha256, sha256), and(eq(trainingLogs.root, root), eq(trainingLogs.size, size))))
    .limit(2)
    .all();
  const row = found.find((one) => one.sha256 === sha256) ?? found[0];
  if (!row) return { state: 'awaited', reason: null, log: null };
  const log = toStoredTrainingLog(row);
  if (row.sha256 !== sha256) {
    const reason = 'The log that was handed in has the same lines and another seal: it was sealed more than once.';
    return { state: 'differs', reason, log };
  }
  if (row.root === root && row.size === size) return { state: 'matches', reason: null, log };
  const reason = `The statement names the root ${root} of ${size} lines; the log of this digest has ${row.root} of ${row.size}.`;
  return { state: 'differs', reason, log };
}
