import { ROLES } from '#db/schema/user.ts';
import { changeUser, type UserChange } from '#lib/services/access/change-user.ts';
import { listUrl } from '../../../../_server/list-query.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of people: another role, disabled or enabled, all sessions ended. */
export async function POST(request: Request): Promise<Response> {
  const instead = 'Use modeltrail user on the server’s machine.';
  return roleForm(request, { role: 'admin', instead }, (ctx, form, actor) => {
    const user = form.get('user') ?? '';
    changeUser(ctx, user, readChange(form), actor);
    return `${listUrl('/settings/people', { at: user })}#${encodeURIComponent(user)}`;
  });
}

function readChange(form: URLSearchParams): UserChange {
  const kind = form.get('change');
  if (kind === 'disable' || kind === 'enable' || kind === 'end-sessions') return { kind };
  const role = ROLES.find((known) => known === form.get('role'));
  if (kind === 'role' && role !== undefined) return { kind, role };
  throw new FormRefusedError(400, 'The form does not say what to change.');
}
