import { and, eq, inArray } from 'drizzle-orm';
import { incidentArtifacts } from '#db/schema/incident.ts';
import type { Decision } from '#lib/provenance/incident-words.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { IncidentError } from './incident-error.ts';
import { nameArtifacts } from './name-artifacts.ts';
import { LONGEST, readText } from './texts.ts';

/** Artifacts of one decision. */
export const MOST_DECIDED = 10_000;

export interface DecisionInput extends IncidentChange {
  readonly artifactIds: readonly number[];
  /** Null takes a decision back. */
  readonly decision: Decision | null;
  readonly reason: string;
}

/**
 * Decides about one or many artifacts of an incident, in one entry of the audit trail. All of them must be part of it:
 * nothing is decided where one is not.
 *
 * @throws {IncidentError}
 */
export function decideArtifacts(
  ctx: ServiceContext,
  { artifactIds, decision, reason, ...change }: DecisionInput,
): IncidentRow {
  const ids = [...new Set(artifactIds)];
  if (ids.length === 0) throw new IncidentError('refused', 'No artifact is chosen. Choose at least one.', 'artifacts');
  if (ids.length > MOST_DECIDED) {
    throw new IncidentError('refused', `At most ${MOST_DECIDED} artifacts are decided at once.`, 'artifacts');
  }
  const why = readText('reason', reason, LONGEST.reason);
  return changeIncident(ctx, change, (tx, { id, number }, at) => {
    const isHere = eq(incidentArtifacts.incidentId, id);
    const read = inBatches<number, { id: number }>((keys) =>
      tx
        .select({ id: incidentArtifacts.artifactId })
        .from(incidentArtifacts)
        .where(and(isHere, inArray(incidentArtifacts.artifactId, keys)))
        .prepare(),
    );
    const known = new Set(read(ids).map((row) => row.id));
    const stranger = ids.find((artifactId) => !known.has(artifactId));
    if (stranger !== undefined) {
      throw new IncidentError(
        'refused',
        `Artifact ${stranger} is no part of incident #${number}. Nothing was decided.`,
        'artifacts',
      );
    }
    const set =
      decision === null
        ? { decision: null, decidedAt: null, decisionReason: null }
        : { decision, decidedAt: at, decisionReason: why };
    for (const artifactId of ids) {
      tx.update(incidentArtifacts)
        .set(set)
        .where(and(isHere, eq(incidentArtifacts.artifactId, artifactId)))
        .run();
    }
    alertRefusedDeployments(tx, ids, at);
    const artifacts = [...nameArtifacts(tx, ids)].map(([artifactId, name]) => ({ artifactId, name }));
    return { action: 'incident.decided', detail: { decision, reason: why, artifacts } };
  });
}
