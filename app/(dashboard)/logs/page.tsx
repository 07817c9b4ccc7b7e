import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { describeEnd } from '#lib/provenance/log-words.ts';
import { logState } from '#lib/provenance/state.ts';
import { CoverageBar } from '../../_logs/coverage-bar.tsx';
import { FaultsTable } from '../../_logs/faults-table.tsx';
import { groupByServer } from '../../_logs/group-by-server.ts';
import { LogFacts } from '../../_logs/log-facts.tsx';
import { readSituation, type Situation } from '../../_server/overview.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { Value } from '../../_ui/value.tsx';

export const metadata = { title: 'Logs' };

export default databasePage(async (database) => {
  const situation = await readSituation(database);
  const { logs } = situation;
  return (
    <>
      <PageHeader title="Logs">
        {logs.length === 0
          ? 'No log is followed yet.'
          : `${formatPlural(logs.length, 'log')}. What is verified was bound entry by entry to a root that the log signed.`}
      </PageHeader>
      {logs.length === 0 ? (
        <div className="panel">
          <Empty title="No log is followed yet">
            Logs come from the trust root and from the section logs of modeltrail.yaml. They appear here once the jobs
            have run.
          </Empty>
        </div>
      ) : (
        <div className="flex flex-col gap-6">
          {groupByServer(logs).map(({ server, trees }) =>
            trees.length === 1 ? (
              trees.map((log) => <LogPanel key={log.id} log={log} situation={situation} />)
            ) : (
              <section key={server} aria-label={`Trees of ${server.slice(0, 80)}`} className="flex flex-col gap-3">
                <div>
                  <h2 className="text-[0.9375rem] font-semibold">
                    <Value value={server} limit={80} />
                  </h2>
                  <p className="text-muted">
                    {formatPlural(trees.length, 'tree')} of one server,{' '}
                    {formatCount(trees.reduce((sum, { observedSize }) => sum + observedSize, 0))} entries in all. Ended
                    trees are polled still.
                  </p>
                </div>
                <div className="flex flex-col gap-4 border-l-2 border-line pl-3 sm:pl-4">
                  {trees.map((log) => (
                    <LogPanel key={log.id} log={log} situation={situation} isTree />
                  ))}
                </div>
              </section>
            ),
          )}
        </div>
      )}
    </>
  );
});

interface PanelProps {
  readonly log: Situation['logs'][number];
  readonly situation: Situation;
  /** Stands under the heading of its server. */
  readonly isTree?: boolean;
}

function LogPanel({ log, situation, isTree = false }: PanelProps) {
  const Heading = isTree ? 'h3' : 'h2';
  const end = describeEnd(log);
  const { now, configuration } = situation;
  const state = logState({ ...log, openFaults: log.openFaults.length, poll: configuration.poll }, now);
  return (
    <section aria-labelledby={`log-${log.id}`} className="panel overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-3.5">
        <Heading id={`log-${log.id}`} className="min-w-0 text-[0.9375rem] font-semibold">
          <AppLink href={`/logs/${log.id}`}>
            <Value value={log.origin} limit={80} />
          </AppLink>
        </Heading>
        <StateMark state={state} />
      </div>
      <p className="px-4 text-muted">
        {state.meaning}
        {end === null ? null : ` ${end}`}
      </p>
      <div className="flex flex-col gap-4 p-4">
        <CoverageBar log={log} />
        <LogFacts log={log} poll={configuration.poll} now={now} />
        {log.pastFaults > 0 ? (
          <p className="text-muted">
            <AppLink href={`/logs/${log.id}#past-faults`}>{formatPlural(log.pastFaults, 'past fault')}</AppLink>
          </p>
        ) : null}
      </div>
      {log.openFaults.length > 0 ? (
        <div className="border-t border-line">
          <FaultsTable faults={log.openFaults} label={`Open faults of ${log.origin.slice(0, 80)}`} />
        </div>
      ) : null}
    </section>
  );
}
