import { changePassword } from '#lib/services/access/change-password.ts';
import { accountForm } from '../../../../_server/account-form.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of one's account: another password, for the one that one has. */
export async function POST(request: Request): Promise<Response> {
  return accountForm(request, async (ctx, form, session) => {
    const password = form.get('password') ?? '';
    if (password !== form.get('repeated')) throw new FormRefusedError(400, 'The two passwords are not the same.');
    await changePassword(ctx, session, { current: form.get('current') ?? '', password });
    return '/settings/account?done=password';
  });
}
