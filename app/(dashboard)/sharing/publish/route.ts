import { publish } from '#lib/services/sharing/publish.ts';
import { backOf, readFormParts, readFormTarget, sharingForm } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** Makes a model or a version public. */
export async function POST(request: Request): Promise<Response> {
  return sharingForm(request, 'Use modeltrail share publish on the server’s machine.', (ctx, form, actor) => {
    const slug = form.get('slug')?.trim() ?? '';
    publish(ctx, { ...readFormTarget(form), ...(slug === '' ? {} : { slug }), parts: readFormParts(form), actor });
    return backOf(form);
  });
}
