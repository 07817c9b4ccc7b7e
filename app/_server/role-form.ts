import type { Actor } from '#lib/services/access/actor.ts';
import type { Role } from '#lib/services/access/role.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Asker } from './asker.ts';
import { ownForm, refuseForm } from './local-form.ts';
import { refusalOfForeign } from './own-form.ts';
import { whoMayAct } from './who-may-act.ts';

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
  act: (ctx: ServiceContext, form: URLSearchParams, actor: Actor, asker: Asker) => string | Promise<string>,
): Promise<Response> {
  const asker = await whoMay(request.headers, role);
  if (asker instanceof Response) return asker;
  return ownForm(request, instead, async (ctx, form) => ({ location: await act(ctx, form, asker.actor, asker) }));
}

/** Who sends a form of one of our pages, where they may; else the answer that refuses it. */
export async function whoMay(headers: Headers, role: Role): Promise<Asker | Response> {
  const refusal = refusalOfForeign(headers);
  if (refusal !== null) return refuseForm(403, refusal);
  const asker = await whoMayAct(headers, role);
  return 'reason' in asker ? refuseForm(asker.status, asker.reason) : asker;
}
