import type { Actor } from '#lib/services/access/actor.ts';
import type { Role } from '#lib/services/access/role.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { whoAsks } from './asker.ts';
import { FormRefusedError, localForm } from './local-form.ts';

export interface RoleForm {
  /** What somebody must be to send it. */
  readonly role: Role;
  /** What to do where the form cannot be used: the command that does the same. */
  readonly instead: string;
}

/**
 * Does what a form of ours asks for, for somebody who may, and leads back to a page.
 *
 * @param act returns the address to lead to. It writes down who did it.
 */
export async function roleForm(
  request: Request,
  { role, instead }: RoleForm,
  act: (ctx: ServiceContext, form: URLSearchParams, actor: Actor) => string | Promise<string>,
): Promise<Response> {
  return localForm(request, instead, async (ctx, form) => {
    const asker = await whoAsks(request.headers);
    if (asker === null) throw new FormRefusedError(403, `This needs somebody who is signed in as ${role}.`);
    return act(ctx, form, asker.actor);
  });
}
