import { INCIDENT_STATES } from '#db/schema/incident.ts';
import { setState } from '#lib/services/incident/set-state.ts';
import { incidentForm, oneOf } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Moves an incident on, closes it with a resolution, or reopens it. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    const state = oneOf(form, 'state', INCIDENT_STATES);
    setState(ctx, { ...change, state, resolution: form.get('resolution') ?? undefined });
    return undefined;
  });
}
