import type { ReactNode } from 'react';
import { ROLES } from '#db/schema/user.ts';
import type { ListedUser } from '#lib/services/access/list-users.ts';
import { inviteAction } from './invite-action.ts';
import { ResetForm } from './invite-form.tsx';

/** What admins can do to an account; opened first, so that nothing is pressed by mistake. */
export function ChangeUser({ user }: { user: ListedUser }) {
  const { id, name, role, login, disabledAt, sessions } = user;
  return (
    <details className="mt-1">
      <summary className="link min-h-6">
        Change<span className="sr-only"> {name}</span>
      </summary>
      <div className="mt-2 flex max-w-80 flex-col gap-3">
        {login === null ? (
          <p className="text-muted">The role comes from the identity provider.</p>
        ) : (
          <Change user={id} change="role">
            <label className="flex items-center gap-2">
              <span>Role</span>
              <select name="role" defaultValue={role} className="control">
                {ROLES.map((known) => (
                  <option key={known} value={known}>
                    {known}
                  </option>
                ))}
              </select>
            </label>
            <button type="submit" className="button self-start">
              Change role
            </button>
          </Change>
        )}
        {login !== null && disabledAt === null ? <ResetForm action={inviteAction} userId={id} name={name} /> : null}
        {sessions > 0 ? (
          <Change user={id} change="end-sessions">
            <button type="submit" className="button self-start">
              End all sessions
            </button>
          </Change>
        ) : null}
        <Change user={id} change={disabledAt === null ? 'disable' : 'enable'}>
          <button type="submit" className="button self-start">
            {disabledAt === null ? 'Disable the account' : 'Enable the account'}
          </button>
        </Change>
      </div>
    </details>
  );
}

function Change({ user, change, children }: { user: string; change: string; children: ReactNode }) {
  return (
    <form action="/settings/people/change" method="post" className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="user" value={user} />
      <input type="hidden" name="change" value={change} />
      {children}
    </form>
  );
}
