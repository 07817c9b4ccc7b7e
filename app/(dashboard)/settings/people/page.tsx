import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { ROLES } from '#db/schema/user.ts';
import { listUsers } from '#lib/services/access/list-users.ts';
import { withoutEmptyParts } from '../../../_server/address.ts';
import { webConfig } from '../../../_server/configuration.ts';
import { loadListQuery } from '../../../_server/list-query.ts';
import { databasePage } from '../../../_server/page.tsx';
import { pageOf } from '../../../_server/page-of.ts';
import { inviteAction } from '../../../_settings/invite-action.ts';
import { InviteForm } from '../../../_settings/invite-form.tsx';
import { PeopleTable } from '../../../_settings/people-table.tsx';
import { ROLE_WORDS } from '../../../_settings/role-words.ts';
import { ListOf } from '../../../_ui/list-of.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

export const metadata = { title: 'People' };

const PATH = '/settings/people';

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }, { session }) => {
  const asked = await searchParams;
  const clean = withoutEmptyParts(asked);
  if (clean !== null) redirect(`${PATH}${clean}`);
  const query = loadListQuery(asked);
  const now = Date.now();
  const people = pageOf(await listUsers(database, { now }), query, {
    words: ({ name, login, email, role, oidcIssuer }) => [name, login, email, role, oidcIssuer],
    key: ({ id }) => id,
  });
  const access = webConfig()?.access;
  return (
    <>
      <PageHeader title="People">
        Who may sign in, and what they may do. Whatever is changed here counts from the next request on, and stands in
        the audit.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="Everybody" id="people" flush>
          {people.all > 0 ? (
            <ListOf list={people} path={PATH} q={query.q} label="Part of a name, login, address, role or issuer">
              <PeopleTable people={people.shown} here={session?.userId ?? null} now={now} />
            </ListOf>
          ) : (
            <Empty title="There is no account yet">
              Invite somebody below, or name an identity provider in the configuration (
              <span className="mono">access.oidc</span>): who signs in with it appears here.
            </Empty>
          )}
        </Panel>
        {access?.localAccounts ? (
          <Panel
            title="Invite somebody"
            id="invite"
            note="They set a password of their own, with a link that counts once."
          >
            <InviteForm action={inviteAction} roles={ROLES.map((value) => ({ value, meaning: ROLE_WORDS[value] }))} />
          </Panel>
        ) : null}
      </div>
    </>
  );
}, 'admin');
