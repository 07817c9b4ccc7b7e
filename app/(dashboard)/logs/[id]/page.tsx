import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { describeEnd, LOG_KIND } from '#lib/provenance/log-words.ts';
import { logState } from '#lib/provenance/state.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { listBackfills } from '#lib/services/backfill/list.ts';
import { getLog } from '#lib/services/log/get.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { listRuleSearches } from '#lib/services/rule/list-searches.ts';
import { InvestigateLink } from '../../../_incidents/investigate-link.tsx';
import { BackfillsPanel } from '../../../_logs/backfills-panel.tsx';
import { CheckpointsTable } from '../../../_logs/checkpoints-table.tsx';
import { CoverageBar } from '../../../_logs/coverage-bar.tsx';
import { FaultsTable } from '../../../_logs/faults-table.tsx';
import { LogFacts } from '../../../_logs/log-facts.tsx';
import { MirrorPanel } from '../../../_logs/mirror-panel.tsx';
import { RulesTable } from '../../../_logs/rules-table.tsx';
import { eventsUrl } from '../../../_server/events-url.ts';
import { readSituation } from '../../../_server/overview.ts';
import { databasePage } from '../../../_server/page.tsx';
import { rowNumber } from '../../../_server/row-number.ts';
import { AppLink } from '../../../_ui/app-link.tsx';
import { Facts } from '../../../_ui/facts.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { Nothing, PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { Digest, Value } from '../../../_ui/value.tsx';

export const metadata: Metadata = { title: 'Log' };

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { params, searchParams }, asker) => {
  const id = rowNumber((await params).id);
  const before = rowNumber(String((await searchParams).before ?? ''));
  const detail = id === null ? null : await getLog(database, before === null ? { id } : { id, before });
  if (!detail) notFound();
  const { log, checkpoints, olderThan, pastFaults } = detail;
  const [{ now, configuration }, backfills, rules] = await Promise.all([
    readSituation(database),
    listBackfills(database, log.id),
    listRuleSearches(database, log.id),
  ]);
  const canAct = mayActAs(asker.role, 'admin');
  const end = describeEnd(log);
  const state = logState({ ...log, openFaults: log.openFaults.length, poll: configuration.poll }, now);
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/logs">Logs</AppLink>
      </p>
      <PageHeader title={<Value value={log.origin} limit={80} />} marks={<StateMark state={state} />}>
        {state.meaning}
        {end === null ? null : ` ${end}`}{' '}
        <InvestigateLink kind="log-range" value={log.origin} more={`0-${Math.max(0, log.verifiedSize - 1)}`}>
          Investigate entries of it
        </InvestigateLink>
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Panel
          title="Coverage"
          id="coverage"
          aside={<AppLink href={eventsUrl({ log: log.id })}>Events of this log</AppLink>}
        >
          <div className="flex flex-col gap-4">
            <CoverageBar log={log} />
            <LogFacts log={log} poll={configuration.poll} now={now} />
          </div>
        </Panel>
        {log.reading === 'index' ? null : <BackfillsPanel log={log} backfills={backfills} canAct={canAct} />}
        <Panel title="Watch rules" id="rules" flush note="A rule that came late has not seen what was before it.">
          {rules.length === 0 ? (
            <Nothing>None is held against this log yet.</Nothing>
          ) : (
            <RulesTable log={log} rules={rules} canAct={canAct} />
          )}
        </Panel>
        <MirrorPanel log={log} limit={configuration.mirrorLimit} />
        <Panel title="Open faults" id="open-faults" flush>
          {log.openFaults.length === 0 ? (
            <Nothing>None: the latest answer of the log was good.</Nothing>
          ) : (
            <FaultsTable faults={log.openFaults} label="Table of open faults" />
          )}
        </Panel>
        <Panel title="Checkpoints" id="checkpoints" flush>
          {checkpoints.length === 0 ? (
            <Nothing>None yet. A checkpoint is kept once its signature has verified.</Nothing>
          ) : (
            <CheckpointsTable checkpoints={checkpoints} now={now} />
          )}
        </Panel>
        <Pager
          newer={before === null ? null : `/logs/${log.id}`}
          older={olderThan === null ? null : `/logs/${log.id}?before=${olderThan}`}
        />
        <Panel title="Past faults" id="past-faults" flush>
          {pastFaults.length === 0 ? (
            <Nothing>None.</Nothing>
          ) : (
            <FaultsTable faults={pastFaults} label="Table of past faults" />
          )}
        </Panel>
        <Panel title="Identity of the log" id="identity">
          <Identity log={log} />
        </Panel>
      </div>
    </>
  );
});

function Identity({ log }: { log: LogSummary }) {
  return (
    <Facts
      facts={[
        ['Origin', <Value key="origin" value={log.origin} limit={120} copy="origin" />],
        ['Kind', LOG_KIND[log.api]],
        ...(log.treeId === null
          ? []
          : [['Tree', <Value key="tree" value={log.treeId} limit={64} copy="tree id" />] as const]),
        ...(log.instance === log.origin
          ? []
          : [['Server', <Value key="server" value={log.instance} limit={120} />] as const]),
        ['Log id', <Digest key="id" value={log.logId} limit={64} copy="log id" />],
        ['Read from', <Value key="url" value={log.readUrl} limit={120} copy="address" />],
        [
          'Key',
          <span key="key">
            <span className="mono">{log.keyDetails}</span> ·{' '}
            <a className="link" href={`/logs/${log.id}/key`} download>
              Download as PEM
            </a>
          </span>,
        ],
        ['Known from', log.source === 'trusted-root' ? 'the trust root' : 'the configuration'],
      ]}
    />
  );
}
