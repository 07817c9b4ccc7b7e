import { addNote } from '#lib/services/incident/note.ts';
import { incidentForm } from '../../../../_incidents/incident-form.ts';

export const dynamic = 'force-dynamic';

/** Keeps a note in the trail of an incident. */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    addNote(ctx, { ...change, text: form.get('text') ?? '' });
    return '#trail';
  });
}
