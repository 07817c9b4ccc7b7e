import { removePasskey } from '#lib/services/access/remove-passkey.ts';
import { accountForm } from '../../../../../_server/account-form.ts';
import { FormRefusedError } from '../../../../../_server/local-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of one's account: takes a passkey off it. */
export async function POST(request: Request): Promise<Response> {
  return accountForm(request, (ctx, form, session) => {
    if (!removePasskey(ctx, session, form.get('passkey') ?? '')) {
      throw new FormRefusedError(404, 'Your account has no such passkey.');
    }
    return '/settings/account#passkeys';
  });
}
