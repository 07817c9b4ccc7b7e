import { headers } from 'next/headers';
import { formatPlural } from '#lib/provenance/format.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import { listPublications } from '#lib/services/sharing/list.ts';
import { listShareLinks } from '#lib/services/sharing/list-share-links.ts';
import { whoAsks } from '../../_server/asker.ts';
import { databasePage } from '../../_server/page.tsx';
import { LinksTable } from '../../_sharing/links-table.tsx';
import { PublicationsTable } from '../../_sharing/publications-table.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Empty, PageHeader, Panel } from '../../_ui/panel.tsx';
import { Value } from '../../_ui/value.tsx';

export const metadata = { title: 'Sharing' };

export default databasePage<object>(async (database) => {
  const [publications, links, asker] = await Promise.all([
    listPublications(database),
    listShareLinks(database),
    whoAsks(await headers()),
  ]);
  const active = publications.filter(({ withdrawnAt }) => withdrawnAt === null).length;
  const address = publicAddress(database);
  const canAct = asker !== null && mayActAs(asker.role, 'investigator');
  return (
    <>
      <PageHeader title="Sharing">
        {active === 0 && links.length === 0
          ? 'What outsiders see without sign-in: nothing yet.'
          : `What outsiders see without sign-in: ${formatPlural(active, 'public page')}, and unlisted links.`}{' '}
        {address === null ? (
          'The configuration does not say under which address they reach this server (access, public-url), so that previews in social networks have no picture.'
        ) : (
          <>
            They reach this server as <Value value={address} limit={80} />.
          </>
        )}
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel title="Public pages" id="pages" flush>
          {publications.length > 0 ? (
            <PublicationsTable publications={publications} />
          ) : (
            <Empty title="Nothing is public">
              {canAct ? (
                <>
                  Open a <AppLink href="/models">model</AppLink>, and publish it under Sharing. You choose what
                  outsiders see.
                </>
              ) : (
                'An investigator publishes a model on its page, and chooses what outsiders see.'
              )}
            </Empty>
          )}
        </Panel>
        <Panel title="Unlisted links" id="links" flush>
          {links.length > 0 ? (
            <LinksTable links={links} now={Date.now()} back="/sharing" canAct={canAct} />
          ) : (
            <Empty title="There is no unlisted link">
              They show one page to whoever has the address, until they run out.{' '}
              {canAct ? 'Make' : 'Investigators make'} them under Sharing of a model.
            </Empty>
          )}
        </Panel>
      </div>
    </>
  );
});
