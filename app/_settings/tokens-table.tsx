import type { State } from '#lib/provenance/state.ts';
import type { ListedToken } from '#lib/services/access/list-tokens.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const STATES = {
  active: { tone: 'proven', word: 'In use', meaning: 'Requests that carry it are taken.' },
  expired: { tone: 'unknown', word: 'Run out', meaning: 'Its time is over; requests that carry it are refused.' },
  revoked: { tone: 'broken', word: 'Revoked', meaning: 'It was taken out of use; requests that carry it are refused.' },
} as const satisfies Record<string, State>;

interface Props {
  readonly tokens: readonly ListedToken[];
  readonly now: number;
}

/** All tokens there ever were. Nothing here lets anybody in. */
export function TokensTable({ tokens, now }: Props) {
  return (
    <ScrollArea label="Tokens">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">May</th>
            <th scope="col">Made</th>
            <th scope="col">Runs out</th>
            <th scope="col">Last used</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row" data-label="Name">
                <span className="flex flex-col">
                  <Value value={token.name} limit={60} isText />
                  <span className="mono text-muted">{token.start}…</span>
                </span>
              </th>
              <td data-label="State">
                <StateMark state={STATES[stateOf(token, now)]} />
                {token.revokedAt === null ? null : (
                  <span className="block text-muted">
                    <Time at={token.revokedAt} />
                  </span>
                )}
                {token.revokedAt === null ? <Revoke name={token.name} /> : null}
              </td>
              <td data-label="May" className="mono">
                {token.scopes.length === 0 ? 'nothing' : token.scopes.join(', ')}
              </td>
              <td data-label="Made">
                <Time at={token.createdAt} />
              </td>
              <td data-label="Runs out">{token.expiresAt === null ? 'never' : <Time at={token.expiresAt} />}</td>
              <td data-label="Last used">{token.lastUsedAt === null ? 'never' : <Time at={token.lastUsedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** Asks once more before it acts, without a script. */
function Revoke({ name }: { name: string }) {
  return (
    <details className="mt-1">
      <summary className="link min-h-6">
        Revoke<span className="sr-only"> {name}</span>
      </summary>
      <form action="/settings/tokens/revoke" method="post" className="mt-1 flex max-w-72 flex-col gap-2">
        <p>Programs that use it are refused from now on. This cannot be undone.</p>
        <input type="hidden" name="name" value={name} />
        <button type="submit" className="button self-start">
          Take it out of use
        </button>
      </form>
    </details>
  );
}

function stateOf({ revokedAt, expiresAt }: ListedToken, now: number): keyof typeof STATES {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
