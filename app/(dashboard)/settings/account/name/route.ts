import { changeName } from '#lib/services/access/change-name.ts';
import { accountForm } from '../../../../_server/account-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of one's account: another name to show. */
export async function POST(request: Request): Promise<Response> {
  return accountForm(request, (ctx, form, session) => {
    changeName(ctx, session, form.get('name') ?? '');
    return '/settings/account';
  });
}
