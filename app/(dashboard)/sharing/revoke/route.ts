import { revokeShareLink } from '#lib/services/sharing/revoke-share-link.ts';
import { FormRefusedError } from '../../../_server/local-form.ts';
import { backOf, sharingForm } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** Takes an unlisted link out of use. */
export async function POST(request: Request): Promise<Response> {
  return sharingForm(
    request,
    'Use DELETE /api/v1/share-links/ID with a token of the scope admin.',
    (ctx, form, actor) => {
      const id = form.get('id') ?? '';
      if (revokeShareLink(ctx, { id, actor })) return backOf(form);
      throw new FormRefusedError(404, 'No link of this id is in use.');
    },
  );
}
