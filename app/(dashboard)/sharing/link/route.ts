import { createShareLink } from '#lib/services/sharing/create-share-link.ts';
import { readFormParts, readFormTarget, sharingForm } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** Makes an unlisted link, and leads to the page that it opens: its address is the link, and stands nowhere else. */
export async function POST(request: Request): Promise<Response> {
  return sharingForm(request, 'Use modeltrail share link on the server’s machine.', (ctx, form, actor) => {
    const note = form.get('note') ?? '';
    const days = Number(form.get('days'));
    const { secret } = createShareLink(ctx, { ...readFormTarget(form), parts: readFormParts(form), note, days, actor });
    return `/s/${secret}`;
  });
}
