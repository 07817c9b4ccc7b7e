import { SEVERITIES } from '#db/schema/incident.ts';
import { parseScope } from '#lib/provenance/read-scope.ts';
import { openIncident } from '#lib/services/incident/open.ts';
import { INSTEAD, oneOf, refusing } from '../../../_incidents/incident-form.ts';
import { roleForm } from '../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** Opens an incident about the scope that was previewed, and leads to it. */
export async function POST(request: Request): Promise<Response> {
  return roleForm(request, { role: 'investigator', instead: INSTEAD }, (ctx, form, actor) => {
    const severity = oneOf(form, 'severity', SEVERITIES);
    const owner = form.get('owner') ?? '';
    const { id } = refusing(() =>
      openIncident(ctx, {
        title: form.get('title') ?? '',
        severity,
        scope: parseScope(form.get('scope') ?? ''),
        ownerId: owner === '' ? null : owner,
        actor,
      }),
    );
    return `/incidents/${id}`;
  });
}
