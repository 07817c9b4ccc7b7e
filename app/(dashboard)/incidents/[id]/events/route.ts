import { linkEvent } from '#lib/services/incident/link-event.ts';
import { unlinkEvent } from '#lib/services/incident/unlink-event.ts';
import { incidentForm } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Puts a signing event beside an incident; the button `unlink` takes one away. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    const unlinked = form.get('unlink');
    if (unlinked !== null) unlinkEvent(ctx, { ...change, eventId: unlinked });
    else linkEvent(ctx, { ...change, eventId: eventIdOf(form.get('event') ?? ''), note: form.get('note') ?? '' });
    return '#events';
  });
}

/** People copy the address of an event's page. */
function eventIdOf(text: string): string {
  return /\/events\/(evt_[0-9a-z_]{1,60})/.exec(text)?.[1] ?? text.trim();
}
