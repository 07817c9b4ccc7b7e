import { changePublication } from '#lib/services/sharing/change.ts';
import { backOf, readFormParts, sharingForm } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** Changes what a public page shows. */
export async function POST(request: Request): Promise<Response> {
  return sharingForm(request, 'Use modeltrail share publish on the server’s machine.', (ctx, form, actor) => {
    changePublication(ctx, { slug: form.get('slug') ?? '', parts: readFormParts(form), actor });
    return backOf(form);
  });
}
