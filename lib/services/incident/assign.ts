import type { ServiceContext } from '#lib/services/context.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { readOwner } from './read-owner.ts';

/** Says who looks after an incident; null for nobody. @throws {IncidentError} */
export function assignIncident(
  ctx: ServiceContext,
  { ownerId, ...change }: IncidentChange & { readonly ownerId: string | null },
): IncidentRow {
  return changeIncident(ctx, change, (tx, incident) => {
    if (incident.ownerId === ownerId) return null;
    const owner = readOwner(tx, ownerId);
    return {
      action: 'incident.assigned',
      detail: { before: incident.ownerId, owner: ownerId, name: owner?.name ?? null },
      set: { ownerId },
    };
  });
}
