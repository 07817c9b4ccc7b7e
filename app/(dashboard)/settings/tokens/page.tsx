import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { listTokens } from '#lib/services/access/list-tokens.ts';
import { SCOPES } from '#lib/services/access/scope.ts';
import { withoutEmptyParts } from '../../../_server/address.ts';
import { loadListQuery } from '../../../_server/list-query.ts';
import { databasePage } from '../../../_server/page.tsx';
import { pageOf } from '../../../_server/page-of.ts';
import { createTokenAction } from '../../../_settings/create-token-action.ts';
import { CreateTokenForm } from '../../../_settings/create-token-form.tsx';
import { SCOPE_WORDS } from '../../../_settings/scope-words.ts';
import { TokensTable } from '../../../_settings/tokens-table.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { ListOf } from '../../../_ui/list-of.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

export const metadata = { title: 'Tokens' };

const PATH = '/settings/tokens';

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const asked = await searchParams;
  const clean = withoutEmptyParts(asked);
  if (clean !== null) redirect(`${PATH}${clean}`);
  const query = loadListQuery(asked);
  const tokens = pageOf(await listTokens(database), query, {
    words: ({ name, start, scopes }) => [name, start, ...scopes],
    key: ({ name }) => name,
  });
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
          {tokens.all > 0 ? (
            <ListOf list={tokens} path={PATH} q={query.q} label="Part of a name, or a scope">
              <TokensTable tokens={tokens.shown} now={Date.now()} />
            </ListOf>
          ) : (
            <Empty title="There is no token yet">Without one, no program can read or hand in anything.</Empty>
          )}
        </Panel>
      </div>
    </>
  );
}, 'admin');
