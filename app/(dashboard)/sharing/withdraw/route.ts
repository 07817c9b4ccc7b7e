import { withdraw } from '#lib/services/sharing/withdraw.ts';
import { backOf, sharingForm } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** Takes a public page back. */
export async function POST(request: Request): Promise<Response> {
  return sharingForm(request, 'Use modeltrail share withdraw on the server’s machine.', (ctx, form, actor) => {
    withdraw(ctx, { slug: form.get('slug') ?? '', actor });
    return backOf(form);
  });
}
