import { SEVERITIES } from '#db/schema/incident.ts';
import { setSeverity } from '#lib/services/incident/set-severity.ts';
import { incidentForm, oneOf } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Says how bad an incident is. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    setSeverity(ctx, { ...change, severity: oneOf(form, 'severity', SEVERITIES) });
    return undefined;
  });
}
