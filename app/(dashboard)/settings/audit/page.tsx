import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { listAuditChains } from '#lib/services/audit/list-chains.ts';
import { withoutEmptyParts } from '../../../_server/address.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AuditFilter } from '../../../_settings/audit-filter.tsx';
import { auditUrl, exportUrl, loadAuditQuery } from '../../../_settings/audit-query.ts';
import { AuditTable } from '../../../_settings/audit-table.tsx';
import { ChainState } from '../../../_settings/chain-state.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';

const PAGE_SIZE = 50;
/** More entries than these are checked one chain at a time: a page must not take seconds. */
const CHECKED_AT_ONCE = 20_000;

export const metadata = { title: 'Audit' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/settings/audit${clean}`);
  const query = loadAuditQuery(params);
  const { chain, action, target, before } = query;
  const [chains, entries] = await Promise.all([
    listAuditChains(database),
    listAudit(database, {
      limit: PAGE_SIZE + 1,
      ...(chain !== null && { chain }),
      ...(action !== null && { action }),
      ...(target !== null && { target }),
      ...(before !== null && { before }),
    }),
  ]);
  const total = chains.reduce((sum, { entries }) => sum + entries, 0);
  const asked = chains.filter((known) => (chain === null ? total <= CHECKED_AT_ONCE : known.chain === chain));
  const checked = await Promise.all(
    asked.map(async (known) => ({ chain: known.chain, fault: await checkAuditChain(database, known.chain) })),
  );
  const shown = entries.slice(0, PAGE_SIZE);
  const older = entries.length > PAGE_SIZE ? auditUrl({ ...query, before: shown.at(-1)?.row ?? null }) : null;
  return (
    <>
      <PageHeader title="Audit">
        Everything that somebody changed or decided, in chains of hashes: sign-ins and accounts, tokens, settings,
        sharing, alerts, deployments, and each incident.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel
          title="Whether it holds"
          id="chains"
          aside={
            <span className="flex gap-4">
              <a className="link" href={exportUrl('jsonl', chain)}>
                JSON lines
              </a>
              <a className="link" href={exportUrl('csv', chain)}>
                CSV
              </a>
            </span>
          }
        >
          {checked.length > 0 ? (
            <ChainState chains={checked} />
          ) : (
            <p className="text-muted">
              {total > CHECKED_AT_ONCE
                ? 'There are many entries: choose a chain below to check it.'
                : 'There is nothing to check.'}
            </p>
          )}
        </Panel>
        <section aria-label="Entries">
          <AuditFilter query={query} chains={chains} />
          <div className="panel overflow-hidden">
            {shown.length > 0 ? (
              <AuditTable entries={shown} />
            ) : (
              <Empty title={total === 0 ? 'Nothing was changed yet' : 'No entry is like this'}>
                {total === 0 ? 'The first sign-in or change of anything stands here.' : 'Take one of the filters away.'}
              </Empty>
            )}
          </div>
          <Pager newer={before === null ? null : auditUrl({ ...query, before: null })} older={older} />
        </section>
      </div>
    </>
  );
}, 'admin');
