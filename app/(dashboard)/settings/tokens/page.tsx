import { headers } from 'next/headers';
import { refusalOfRemote } from '#lib/http/local-request.ts';
import { listTokens } from '#lib/services/access/list-tokens.ts';
import { SCOPES } from '#lib/services/access/scope.ts';
import { listening } from '../../../_server/listening.ts';
import { databasePage } from '../../../_server/page.tsx';
import { createTokenAction } from '../../../_settings/create-token-action.ts';
import { CreateTokenForm } from '../../../_settings/create-token-form.tsx';
import { SCOPE_WORDS } from '../../../_settings/scope-words.ts';
import { TokensTable } from '../../../_settings/tokens-table.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { CodeBlock } from '../../../_ui/code-block.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

export const metadata = { title: 'Tokens' };

export default databasePage<object>(async (database) => {
  const refusal = refusalOfRemote(await headers(), listening());
  const tokens = await listTokens(database);
  return (
    <>
      <PageHeader title="Tokens">
        Programs that write through the API carry a token. <AppLink href="/reference">The API reference</AppLink> says
        which scope each request needs.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="New token" id="new">
          {refusal === null ? (
            <CreateTokenForm
              action={createTokenAction}
              scopes={SCOPES.map((scope) => ({ scope, meaning: SCOPE_WORDS[scope] }))}
            />
          ) : (
            <Elsewhere reason={refusal} />
          )}
        </Panel>
        <Panel title="All tokens" id="tokens" flush>
          {tokens.length > 0 ? (
            <TokensTable tokens={tokens} now={Date.now()} canRevoke={refusal === null} />
          ) : (
            <Empty title="There is no token yet">Without one, nothing can be handed in through the API.</Empty>
          )}
        </Panel>
      </div>
    </>
  );
});

/** Pages have no sign-in: whoever reaches them from elsewhere must not make themselves a token. */
function Elsewhere({ reason }: { reason: string }) {
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-[80ch]">
        Tokens cannot be made or revoked here. {reason} The pages have no sign-in, so that they do this for a browser on
        the server’s own machine only. Use the command line there:
      </p>
      <CodeBlock label="commands" text={'modeltrail token create NAME --scope ingest\nmodeltrail token revoke NAME'} />
    </div>
  );
}
