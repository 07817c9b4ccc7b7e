import { setUp } from '#lib/services/access/set-up.ts';
import { FormRefusedError, ownForm } from '../../../_server/local-form.ts';
import { configOrRefuse, sessionCookie, visitorOf } from '../../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

/** From the set-up page: makes the first admin, for whoever has the code from the console. */
export async function POST(request: Request): Promise<Response> {
  return ownForm(request, 'Go back to /setup.', async (ctx, form) => {
    if (!configOrRefuse().access.localAccounts) throw new FormRefusedError(404, 'There are no local accounts here.');
    const field = (name: string) => form.get(name) ?? '';
    if (field('password') !== field('repeated')) throw new FormRefusedError(400, 'The two passwords are not the same.');
    const given = { code: field('code'), name: field('name'), login: field('login'), password: field('password') };
    const secret = await setUp(ctx, given, visitorOf(request.headers));
    return { location: '/', cookies: [sessionCookie(secret)] };
  });
}
