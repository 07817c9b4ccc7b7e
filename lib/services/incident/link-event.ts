import { and, eq } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import { incidentEvents } from '#db/schema/incident.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { IncidentError } from './incident-error.ts';
import { LONGEST, readText } from './texts.ts';

/** Puts a signing event beside an incident, with a note why; again to change the note. @throws {IncidentError} */
export function linkEvent(
  ctx: ServiceContext,
  { eventId, note, ...change }: IncidentChange & { readonly eventId: string; readonly note: string },
): IncidentRow {
  const why = note.trim() === '' ? '' : readText('note', note, LONGEST.note);
  return changeIncident(ctx, change, (tx, { id }, at) => {
    if (!tx.select({ id: events.id }).from(events).where(eq(events.id, eventId)).get()) {
      throw new IncidentError(
        'refused',
        `There is no event ${eventId.slice(0, 100)}. Its page names it: evt_….`,
        'event',
      );
    }
    const known = tx
      .select({ note: incidentEvents.note })
      .from(incidentEvents)
      .where(and(eq(incidentEvents.incidentId, id), eq(incidentEvents.eventId, eventId)))
      .get();
    if (known?.note === why) return null;
    tx.insert(incidentEvents)
      .values({ incidentId: id, eventId, note: why, addedAt: at })
      .onConflictDoUpdate({ target: [incidentEvents.incidentId, incidentEvents.eventId], set: { note: why } })
      .run();
    return { action: 'incident.event-linked', target: eventId, detail: { note: why } };
  });
}
