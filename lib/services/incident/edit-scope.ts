import type { Scope } from '#lib/provenance/scope.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { IncidentError } from './incident-error.ts';
import { recordEvaluation } from './record-evaluation.ts';
import { workOut } from './work-out.ts';

/**
 * Gives an incident another scope and works it out. What was decided about artifacts stays, also of those that it reaches no
 * more: what was decided to be affected stays refused.
 *
 * @throws {IncidentError} also where it is closed: reopen it first.
 */
export function editScope(
  ctx: ServiceContext,
  { scope, ...change }: IncidentChange & { readonly scope: Scope },
): IncidentRow {
  return workOut(ctx.database, {
    id: change.id,
    scope: () => scope,
    write: (_, { over, ...evaluation }) =>
      changeIncident(ctx, change, (tx, incident, at) => {
        if (incident.state === 'closed') {
          throw new IncidentError(
            'refused',
            `Incident #${incident.number} is closed. Reopen it to edit its scope.`,
            'scope',
          );
        }
        const { joined, left, regraded } = evaluation;
        recordEvaluation(tx, incident.id, { ...evaluation, at, isJoin: false });
        alertRefusedDeployments(tx, [...joined, ...left, ...regraded], at);
        // The text before is the JSON that was stored.
        const before = JSON.parse(incident.scope) as unknown;
        return {
          action: 'incident.scope-edited',
          detail: { before, after: scope, added: joined.length, left: left.length },
          set: { scope: JSON.stringify(scope), evaluatedAt: at, evaluatedOver: over },
        };
      }),
  });
}
