import type { State } from '#lib/provenance/state.ts';
import type { ListedUser } from '#lib/services/access/list-users.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { ChangeUser } from './change-user.tsx';

const STATES = {
  active: { tone: 'proven', word: 'May sign in', meaning: 'The account is in use.' },
  disabled: { tone: 'broken', word: 'Disabled', meaning: 'Nobody signs in with it, and its sessions have ended.' },
} as const satisfies Record<string, State>;

interface Props {
  readonly people: readonly ListedUser[];
  /** The id of the one who looks; null without an account. */
  readonly here: string | null;
  readonly now: number;
}

/** Everybody who may sign in, and what admins do about it. */
export function PeopleTable({ people, here, now }: Props) {
  return (
    <ScrollArea label="People">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Signs in with</th>
            <th scope="col">Role</th>
            <th scope="col">State</th>
            <th scope="col">Last sign-in</th>
          </tr>
        </thead>
        <tbody>
          {people.map((user) => (
            <tr key={user.id} id={user.id}>
              <th scope="row" data-label="Name">
                <span className="flex flex-col">
                  <Value value={user.name} limit={60} isText />
                  {user.id === here ? <span className="text-muted">You</span> : null}
                </span>
              </th>
              <td data-label="Signs in with">
                <Ways user={user} />
              </td>
              <td data-label="Role">{user.role}</td>
              <td data-label="State">
                <StateMark state={STATES[user.disabledAt === null ? 'active' : 'disabled']} />
                {user.sessions > 0 ? (
                  <span className="block text-muted">
                    {user.sessions} open {user.sessions === 1 ? 'session' : 'sessions'}
                  </span>
                ) : null}
                <ChangeUser user={user} />
              </td>
              <td data-label="Last sign-in">
                {user.lastSignInAt === null ? 'never' : <Time at={user.lastSignInAt} now={now} stacked />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Ways({ user: { login, email, oidcIssuer, hasPassword, passkeys } }: { user: ListedUser }) {
  const ways = [
    hasPassword ? 'password' : '',
    passkeys === 0 ? '' : passkeys === 1 ? 'a passkey' : `${passkeys} passkeys`,
  ];
  return (
    <span className="flex min-w-0 flex-col">
      {login === null ? null : <Value value={login} limit={40} />}
      {email === null ? null : <Value value={email} limit={40} />}
      {oidcIssuer === null ? null : <Value value={oidcIssuer} limit={40} />}
      <span className="text-muted">{ways.filter((way) => way !== '').join(', ')}</span>
    </span>
  );
}
