import { setNotice } from '#lib/services/incident/set-notice.ts';
import { incidentForm } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Words what consumers are told; the button `withdraw` says nothing any more. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    setNotice(ctx, { ...change, notice: form.has('withdraw') ? null : (form.get('notice') ?? '') });
    return '#notice';
  });
}
