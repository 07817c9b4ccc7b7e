import { and, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { incidentArtifacts, incidents } from '#db/schema/incident.ts';
import { INCIDENT_STATE, type IncidentState, NEXT_STATES } from '#lib/provenance/incident-words.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { IncidentError } from './incident-error.ts';
import { nameArtifacts } from './name-artifacts.ts';
import { LONGEST, readText } from './texts.ts';

/** Undecided artifacts that the entry of a closing names; their number is told whole. */
const LISTED = 200;

export interface StateChange extends IncidentChange {
  readonly state: IncidentState;
  /** What came of it: needed to close. */
  readonly resolution?: string | undefined;
}

/**
 * Moves an incident on, or back. Closing it needs a resolution, and writes down which artifacts stay undecided: from then on
 * they are not refused any more.
 *
 * @throws {IncidentError}
 */
export function setState(ctx: ServiceContext, { state, resolution, ...change }: StateChange): IncidentRow {
  return changeIncident(ctx, change, (tx, incident, at) => {
    const { state: before, number } = incident;
    if (before === state) return null;
    if (!NEXT_STATES[before].includes(state)) {
      const can = NEXT_STATES[before].map((next) => `“${INCIDENT_STATE[next].word}”`).join(', ');
      throw new IncidentError(
        'refused',
        `Incident #${number} is “${INCIDENT_STATE[before].word}”: from there it can become ${can}.`,
        'state',
      );
    }
    if (state === 'closed') {
      const said = readText('resolution', resolution ?? '', LONGEST.text);
      const undecided = readUndecided(tx, incident.id);
      const names = [...nameArtifacts(tx, undecided.slice(0, LISTED))];
      lookAtDeployments(tx, incident.id, state, at);
      return {
        action: 'incident.closed',
        detail: {
          before,
          resolution: said,
          undecided: undecided.length,
          artifacts: names.map(([artifactId, name]) => ({ artifactId, name })),
        },
        set: { state, closedAt: at },
      };
    }
    if (before === 'closed') {
      lookAtDeployments(tx, incident.id, state, at);
      // Nothing joined while it was closed: the next round of the job looks at all of it.
      return {
        action: 'incident.reopened',
        detail: { before, state },
        set: { state, closedAt: null, evaluatedOver: -1 },
      };
    }
    return { action: 'incident.state-set', detail: { before, state }, set: { state } };
  });
}

/** What runs and was refused by it may again, or the other way round: that is judged by the new state. */
function lookAtDeployments(tx: Writer, id: string, state: IncidentState, at: number): void {
  tx.update(incidents).set({ state }).where(eq(incidents.id, id)).run();
  const parts = tx
    .select({ id: incidentArtifacts.artifactId })
    .from(incidentArtifacts)
    .innerJoin(deployments, and(eq(deployments.artifactId, incidentArtifacts.artifactId), isNull(deployments.endedAt)))
    .where(eq(incidentArtifacts.incidentId, id))
    .all();
  alertRefusedDeployments(
    tx,
    parts.map((part) => part.id),
    at,
  );
}

function readUndecided(tx: Writer, incidentId: string): number[] {
  return tx
    .select({ id: incidentArtifacts.artifactId })
    .from(incidentArtifacts)
    .where(
      and(
        eq(incidentArtifacts.incidentId, incidentId),
        isNull(incidentArtifacts.leftAt),
        isNull(incidentArtifacts.decision),
      ),
    )
    .orderBy(incidentArtifacts.artifactId)
    .all()
    .map(({ id }) => id);
}
