import { ROLES } from '#db/schema/user.ts';
import { listUsers } from '#lib/services/access/list-users.ts';
import { webConfig } from '../../../_server/configuration.ts';
import { databasePage } from '../../../_server/page.tsx';
import { inviteAction } from '../../../_settings/invite-action.ts';
import { InviteForm } from '../../../_settings/invite-form.tsx';
import { PeopleTable } from '../../../_settings/people-table.tsx';
import { ROLE_WORDS } from '../../../_settings/role-words.ts';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

export const metadata = { title: 'People' };

export default databasePage<object>(async (database, _, { session }) => {
  const now = Date.now();
  const people = await listUsers(database, { now });
  const access = webConfig()?.access;
  return (
    <>
      <PageHeader title="People">
        Who may sign in, and what they may do. Whatever is changed here counts from the next request on, and stands in
        the audit.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="Everybody" id="people" flush>
          {people.length > 0 ? (
            <PeopleTable people={people} here={session?.userId ?? null} now={now} />
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
