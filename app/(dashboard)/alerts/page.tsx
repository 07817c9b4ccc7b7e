import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { formatPlural } from '#lib/provenance/format.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { type AlertCounts, countAlerts, listAlerts } from '#lib/services/alert/list.ts';
import { AlertsTable } from '../../_alerts/alerts-table.tsx';
import { ChangeControls } from '../../_alerts/change-controls.tsx';
import { AlertsFilter } from '../../_alerts/filter-form.tsx';
import { alertFilterOf, alertsUrl, loadAlertsQuery } from '../../_alerts/query.ts';
import { formatPlace, parsePlace, withoutEmptyParts } from '../../_server/address.ts';
import { whoAsks } from '../../_server/asker.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';

const PAGE_SIZE = 50;

export const metadata = { title: 'Alerts' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/alerts${clean}`);
  const query = await loadAlertsQuery(params);
  const place = parsePlace(query.before);
  const [page, counts, asker] = await Promise.all([
    listAlerts(database, {
      filter: alertFilterOf(query),
      limit: PAGE_SIZE,
      ...(place ? { olderThan: { lastAt: place.at, id: place.id } } : {}),
    }),
    countAlerts(database),
    headers().then(whoAsks),
  ]);
  const canChange = asker !== null && mayActAs(asker.role, 'investigator') && page.alerts.length > 0;
  const first = alertsUrl({ ...query, before: null });
  const all = counts.new + counts.acknowledged + counts.muted + counts.resolved;
  const table = <AlertsTable alerts={page.alerts} now={Date.now()} canChoose={canChange} />;
  return (
    <>
      <PageHeader title="Alerts">
        {describe(counts)} <AppLink href="/alerts/channels">Channels and routes</AppLink>,{' '}
        <a className="link" href="/alerts/feed.atom">
          Atom feed
        </a>
      </PageHeader>
      {all === 0 ? (
        <div className="panel">
          <Empty title="There has been no alert yet">
            What own identities sign without account, who imitates them, findings of models, misbehaving logs and
            failures of Modeltrail itself are raised here within seconds.{' '}
            <AppLink href="/alerts/channels">Routes</AppLink> say who is told.
          </Empty>
        </div>
      ) : (
        <>
          <AlertsFilter query={query} counts={counts} />
          {page.alerts.length === 0 ? (
            <div className="panel">
              <Empty title={query.state === null ? 'Nothing is open' : 'No alert matches all of these filters'}>
                <AppLink href={alertsUrl({ state: 'all' })}>Show all of them</AppLink>
              </Empty>
            </div>
          ) : canChange ? (
            <form action="/alerts/change" method="post">
              <input type="hidden" name="back" value={alertsUrl(query)} />
              <div className="panel mb-3 p-3">
                <ChangeControls what="the chosen alerts" />
              </div>
              <div className="panel overflow-hidden">{table}</div>
            </form>
          ) : (
            <div className="panel overflow-hidden">{table}</div>
          )}
          <Pager
            newer={place === null ? null : first}
            older={
              page.next && alertsUrl({ ...query, before: formatPlace({ at: page.next.lastAt, id: page.next.id }) })
            }
          />
        </>
      )}
    </>
  );
});

function describe({ new: fresh, acknowledged, muted, resolved }: AlertCounts): string {
  if (fresh + acknowledged + muted + resolved === 0) return 'What somebody should hear of.';
  const open = [
    fresh === 0 ? 'None is new' : `${formatPlural(fresh, 'is', 'are')} new`,
    ...(acknowledged > 0 ? [`${acknowledged} acknowledged`] : []),
    ...(muted > 0 ? [`${muted} muted`] : []),
  ];
  return `${open.join(', ')}.`;
}
