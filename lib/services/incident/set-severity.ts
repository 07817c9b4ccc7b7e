import type { Severity } from '#lib/provenance/incident-words.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';

/** Says how bad an incident is. @throws {IncidentError} */
export function setSeverity(
  ctx: ServiceContext,
  { severity, ...change }: IncidentChange & { readonly severity: Severity },
): IncidentRow {
  return changeIncident(ctx, change, (_, { severity: before }) =>
    before === severity ? null : { action: 'incident.severity-set', detail: { before, severity }, set: { severity } },
  );
}
