import type { SignedIn } from '#lib/services/access/find-session.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { FormRefusedError } from './local-form.ts';
import { roleForm } from './role-form.ts';

/** As `roleForm`, for forms of somebody's own account: there is none without a session. */
export async function accountForm(
  request: Request,
  act: (ctx: ServiceContext, form: URLSearchParams, session: SignedIn) => string | Promise<string>,
): Promise<Response> {
  return roleForm(request, { role: 'viewer', instead: '' }, (ctx, form, _, { session }) => {
    if (session === null) throw new FormRefusedError(400, 'Nobody is signed in here: there is no account to change.');
    return act(ctx, form, session);
  });
}
