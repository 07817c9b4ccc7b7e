import { acceptInvitation } from '#lib/services/access/accept-invitation.ts';
import { FormRefusedError, ownForm } from '../../../_server/local-form.ts';
import { configOrRefuse, sessionCookie, visitorOf } from '../../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

/** From the page of an invitation: sets the password of whoever has the code, and signs them in. */
export async function POST(request: Request): Promise<Response> {
  return ownForm(request, 'Go back to the invitation.', async (ctx, form) => {
    if (!configOrRefuse().access.localAccounts) throw new FormRefusedError(404, 'There are no local accounts here.');
    const password = form.get('password') ?? '';
    if (password !== form.get('repeated')) throw new FormRefusedError(400, 'The two passwords are not the same.');
    const given = { code: form.get('code') ?? '', password };
    const secret = await acceptInvitation(ctx, given, visitorOf(request.headers));
    return { location: '/settings/account', cookies: [sessionCookie(secret)] };
  });
}
