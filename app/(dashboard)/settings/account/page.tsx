import { getAccount } from '#lib/services/access/get-account.ts';
import { listSessions } from '#lib/services/access/list-sessions.ts';
import { AddPasskey } from '../../../_access/add-passkey.tsx';
import { Field } from '../../../_access/field.tsx';
import { NewPasswordFields } from '../../../_access/new-password-fields.tsx';
import { webConfig } from '../../../_server/configuration.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AccountFacts } from '../../../_settings/account-facts.tsx';
import { PasskeysTable } from '../../../_settings/passkeys-table.tsx';
import { SessionsTable } from '../../../_settings/sessions-table.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';

export const metadata = { title: 'Account' };

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

const CHANGED = { tone: 'proven', word: 'Password changed', meaning: 'All other sessions have ended.' } as const;

export default databasePage<Props>(async (database, { searchParams }, { session, role }) => {
  const access = webConfig()?.access;
  const account = session && (await getAccount(database, session));
  if (!session || !account || !access) return <NoAccount />;
  const now = Date.now();
  const { idle } = access.sessions;
  const sessions = await listSessions(database, { userId: session.userId, now, idle, providers: access.oidc });
  const hasPasskeys = access.localAccounts && access.passkeys && account.login !== null;
  return (
    <>
      <PageHeader title="Account">Who you are here, and where you are signed in.</PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="You">
          <AccountFacts account={account} role={role} />
        </Panel>
        <Panel
          title="Sessions"
          id="sessions"
          flush
          note={`Each browser in which you are signed in. End those that you do not know, and ${
            account.hasPassword ? 'change your password' : 'tell those who run your identity provider'
          }.`}
        >
          <SessionsTable sessions={sessions} here={session.sessionId} now={now} />
          {sessions.length > 1 ? (
            <form action="/settings/account/sessions/end" method="post" className="border-t border-line px-4 py-3">
              <button type="submit" className="button">
                End all others
              </button>
            </form>
          ) : null}
        </Panel>
        {hasPasskeys ? (
          <Panel
            title="Passkeys"
            id="passkeys"
            note="Sign in with a finger, a PIN or a security key instead of the password."
          >
            <PasskeysTable passkeys={account.passkeys} />
            <AddPasskey />
          </Panel>
        ) : null}
        {account.hasPassword ? (
          <Panel title="Password" id="password">
            {(await searchParams).done === 'password' ? (
              <p className="mb-3">
                <StateMark state={CHANGED} />
              </p>
            ) : null}
            <form action="/settings/account/password" method="post" className="flex max-w-96 flex-col gap-4">
              <Field
                label="The password that you have"
                name="current"
                type="password"
                autoComplete="current-password"
              />
              <NewPasswordFields />
              <button type="submit" className="button self-start">
                Change password
              </button>
            </form>
          </Panel>
        ) : null}
      </div>
    </>
  );
});

function NoAccount() {
  return (
    <>
      <PageHeader title="Account" />
      <div className="panel">
        <Empty title="Nobody is signed in here">
          The configuration opens this dashboard to browsers on its own machine (
          <span className="mono">access.without-sign-in</span>
          ). Whatever is changed is written down as done by somebody at this machine.
        </Empty>
      </div>
    </>
  );
}
