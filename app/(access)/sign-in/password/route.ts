import { nextPath } from '#lib/http/next-path.ts';
import { signInWithPassword } from '#lib/services/access/sign-in-with-password.ts';
import { problemOf, problemUrl } from '../../../_access/sign-in-answer.ts';
import { FormRefusedError, ownForm } from '../../../_server/local-form.ts';
import { configOrRefuse, sessionCookie, visitorOf } from '../../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

/** From the sign-in page: signs in by login and password. */
export async function POST(request: Request): Promise<Response> {
  return ownForm(request, '', async (ctx, form) => {
    if (!configOrRefuse().access.localAccounts) throw new FormRefusedError(404, 'There are no local accounts here.');
    const next = nextPath(form.get('next'));
    const given = { login: form.get('login') ?? '', password: form.get('password') ?? '' };
    try {
      const secret = await signInWithPassword(ctx, given, visitorOf(request.headers));
      return { location: next, cookies: [sessionCookie(secret)] };
    } catch (error) {
      return { location: problemUrl(problemOf(error), next) };
    }
  });
}
