import type { Account } from '#lib/services/access/get-account.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** The passkeys of an account. */
export function PasskeysTable({ passkeys }: Pick<Account, 'passkeys'>) {
  if (passkeys.length === 0) return <p className="mb-4 text-muted">You have none yet.</p>;
  return (
    <div className="-mx-4 -mt-4 mb-4">
      <ScrollArea label="Your passkeys">
        <table className="table table-stack">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Added</th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className="sr-only">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {passkeys.map(({ id, name, createdAt, lastUsedAt }) => (
              <tr key={id}>
                <th scope="row" data-label="Name">
                  <Value value={name} limit={60} isText />
                </th>
                <td data-label="Added">
                  <Time at={createdAt} />
                </td>
                <td data-label="Last used">{lastUsedAt === null ? 'never' : <Time at={lastUsedAt} />}</td>
                <td>
                  <form action="/settings/account/passkeys/remove" method="post">
                    <input type="hidden" name="passkey" value={id} />
                    <button type="submit" className="button">
                      Remove
                    </button>
                  </form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </div>
  );
}
