import { listTokens } from '#lib/services/access/list-tokens.ts';
import { SCOPES } from '#lib/services/access/scope.ts';
import { databasePage } from '../../../_server/page.tsx';
import { createTokenAction } from '../../../_settings/create-token-action.ts';
import { CreateTokenForm } from '../../../_settings/create-token-form.tsx';
import { SCOPE_WORDS } from '../../../_settings/scope-words.ts';
import { TokensTable } from '../../../_settings/tokens-table.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

export const metadata = { title: 'Tokens' };

export default databasePage<object>(async (database) => {
  const tokens = await listTokens(database);
  return (
    <>
      <PageHeader title="Tokens">
        Programs that use the API carry a token. <AppLink href="/reference">The API reference</AppLink> says which scope
        each request needs.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="New token" id="new">
          <CreateTokenForm
            action={createTokenAction}
            scopes={SCOPES.map((value) => ({ value, meaning: SCOPE_WORDS[value] }))}
          />
        </Panel>
        <Panel title="All tokens" id="tokens" flush>
          {tokens.length > 0 ? (
            <TokensTable tokens={tokens} now={Date.now()} />
          ) : (
            <Empty title="There is no token yet">Without one, no program can read or hand in anything.</Empty>
          )}
        </Panel>
      </div>
    </>
  );
}, 'admin');
