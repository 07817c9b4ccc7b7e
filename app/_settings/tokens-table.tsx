import type { ListedToken } from '#lib/services/access/list-tokens.ts';
import { RevocableState } from '../_ui/revocable.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const MEANINGS = {
  active: 'Requests that carry it are taken.',
  expired: 'Its time is over; requests that carry it are refused.',
  revoked: 'It was taken out of use; requests that carry it are refused.',
};

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
                <RevocableState thing={token} now={now} meanings={MEANINGS} revoke={revokeForm(token.name)} />
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

function revokeForm(name: string) {
  const consequence = 'Programs that use it are refused from now on.';
  return { action: '/settings/tokens/revoke', fields: { name }, name, consequence };
}
