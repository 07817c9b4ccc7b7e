import { parseScope } from '#lib/provenance/read-scope.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { incidentForm } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Gives an incident the scope that was previewed. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    editScope(ctx, { ...change, scope: parseScope(form.get('scope') ?? '') });
    return undefined;
  });
}
