import { showText } from '#lib/provenance/untrusted-text.ts';
import type { ListedSession } from '#lib/services/access/list-sessions.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';

const METHODS: Readonly<Record<ListedSession['method'], string>> = {
  password: 'password',
  oidc: 'identity provider',
  passkey: 'passkey',
  setup: 'set-up code',
};

interface Props {
  readonly sessions: readonly ListedSession[];
  /** The id of the one that looks. */
  readonly here: string;
  readonly now: number;
}

/** Where somebody is signed in. */
export function SessionsTable({ sessions, here, now }: Props) {
  return (
    <ScrollArea label="Open sessions">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Browser</th>
            <th scope="col">Signed in</th>
            <th scope="col">By</th>
            <th scope="col">Last used</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="sr-only">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, agent, createdAt, method, lastUsedAt, expiresAt, vouchedUntil }) => (
            <tr key={id}>
              <th scope="row" data-label="Browser" className="max-w-96">
                <bdi className="wrap-anywhere">{showText(agent === '' ? 'did not say' : agent)}</bdi>
                {id === here ? <span className="block text-muted">This one</span> : null}
              </th>
              <td data-label="Signed in">
                <Time at={createdAt} />
              </td>
              <td data-label="By">{METHODS[method]}</td>
              <td data-label="Last used">
                <Time at={lastUsedAt} now={now} stacked />
              </td>
              <td data-label="Ends">
                <Time at={expiresAt} />
                {vouchedUntil === null ? null : <Vouched until={vouchedUntil} now={now} />}
              </td>
              <td>
                {id === here ? null : (
                  <form action="/settings/account/sessions/end" method="post">
                    <input type="hidden" name="session" value={id} />
                    <button type="submit" className="button">
                      End
                    </button>
                  </form>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** A session of an identity provider lasts only as long as that says so. */
function Vouched({ until, now }: { until: number; now: number }) {
  if (until <= now) return <span className="block text-muted">its provider is asked at the next visit</span>;
  return (
    <span className="block text-muted">
      its provider is asked again <Time at={until} />
    </span>
  );
}
