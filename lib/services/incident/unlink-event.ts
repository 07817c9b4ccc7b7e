import { and, eq } from 'drizzle-orm';
import { incidentEvents } from '#db/schema/incident.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';

/** Takes a signing event from an incident; that it was there stays in the audit trail. @throws {IncidentError} */
export function unlinkEvent(
  ctx: ServiceContext,
  { eventId, ...change }: IncidentChange & { readonly eventId: string },
): IncidentRow {
  return changeIncident(ctx, change, (tx, { id }) => {
    const { changes } = tx
      .delete(incidentEvents)
      .where(and(eq(incidentEvents.incidentId, id), eq(incidentEvents.eventId, eventId)))
      .run();
    return changes === 0 ? null : { action: 'incident.event-unlinked', target: eventId, detail: {} };
  });
}
