import { formatPlural } from '#lib/provenance/format.ts';
import { listEvents } from '#lib/services/event/list.ts';
import { getCounts } from '#lib/services/overview/counts.ts';
import { AttentionList } from '../_overview/attention-list.tsx';
import { CountsTable } from '../_overview/counts-table.tsx';
import { LatestSignings } from '../_overview/latest-signings.tsx';
import { LogStrip } from '../_overview/log-strip.tsx';
import { attentionGroups, countAttention } from '../_server/attention-groups.ts';
import { readSituation } from '../_server/overview.ts';
import { databasePage } from '../_server/page.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { PageHeader, Panel } from '../_ui/panel.tsx';

const LATEST = 8;

export const metadata = { title: 'Overview' };

export default databasePage(async (database) => {
  const [situation, latest, counts] = await Promise.all([
    readSituation(database),
    listEvents(database, { filter: { claim: 'model' }, limit: LATEST }),
    getCounts(database),
  ]);
  const groups = attentionGroups(situation);
  const things = countAttention(groups);
  return (
    <>
      <PageHeader title="Overview">
        {things === 0
          ? 'Nothing needs attention.'
          : `${formatPlural(things, 'thing needs', 'things need')} attention${things === 1 ? '' : ', the worst first'}.`}{' '}
        <AppLink href="/alerts">
          {situation.alerts.new === 0 ? 'No alert is new' : formatPlural(situation.alerts.new, 'new alert')}
        </AppLink>
      </PageHeader>
      <div className="flex flex-col gap-8">
        <AttentionList groups={groups} situation={situation} events={counts.events} />
        <Panel title="Logs" flush aside={<AppLink href="/logs">All about the logs</AppLink>}>
          <LogStrip logs={situation.logs} poll={situation.configuration.poll} now={situation.now} />
        </Panel>
        <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
          <Panel
            title="Latest model signatures"
            flush
            aside={<AppLink href="/events?claim=model">All of them</AppLink>}
          >
            <LatestSignings events={latest.events} />
          </Panel>
          <Panel title="What has been seen" flush>
            <CountsTable counts={counts} />
          </Panel>
        </div>
      </div>
    </>
  );
});
