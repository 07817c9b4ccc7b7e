import { formatPlural } from '#lib/provenance/format.ts';
import { logState } from '#lib/provenance/state.ts';
import { CoverageBar } from '../../_logs/coverage-bar.tsx';
import { FaultsTable } from '../../_logs/faults-table.tsx';
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
          : `${formatPlural(logs.length, 'shard')}. What is verified was bound entry by entry to a root that the log signed.`}
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
          {logs.map((log) => (
            <LogPanel key={log.id} log={log} situation={situation} />
          ))}
        </div>
      )}
    </>
  );
});

function LogPanel({ log, situation }: { log: Situation['logs'][number]; situation: Situation }) {
  const { now, configuration } = situation;
  const state = logState({ ...log, openFaults: log.openFaults.length, poll: configuration.poll }, now);
  return (
    <section aria-labelledby={`log-${log.id}`} className="panel overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-3.5">
        <h2 id={`log-${log.id}`} className="min-w-0 text-[0.9375rem] font-semibold">
          <AppLink href={`/logs/${log.id}`}>
            <Value value={log.origin} limit={80} />
          </AppLink>
        </h2>
        <StateMark state={state} />
      </div>
      <p className="px-4 text-muted">{state.meaning}</p>
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
