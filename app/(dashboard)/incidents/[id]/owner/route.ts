import { assignIncident } from '#lib/services/incident/assign.ts';
import { incidentForm } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Says who looks after an incident. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    const owner = form.get('owner') ?? '';
    assignIncident(ctx, { ...change, ownerId: owner === '' ? null : owner });
    return undefined;
  });
}
