import { formatCount, formatDuration } from '#lib/provenance/format.ts';
import { logState, timeLeft } from '#lib/provenance/state.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { Age } from '../_ui/age.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { Empty } from '../_ui/panel.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

/** How fresh each log is, in one line. */
export function LogStrip({ logs, poll, now }: { logs: readonly LogSummary[]; poll: number; now: number }) {
  if (logs.length === 0)
    return (
      <Empty title="No log is followed yet">
        They come from the trust root and the configuration, once the jobs have run.
      </Empty>
    );
  return (
    <table className="table table-stack">
      <thead>
        <tr>
          <th scope="col">Log</th>
          <th scope="col">State</th>
          <th scope="col" className="numeric">
            Verified up to
          </th>
          <th scope="col" className="numeric">
            Still to read
          </th>
          <th scope="col">Last good checkpoint</th>
        </tr>
      </thead>
      <tbody>
        {logs.map((log) => {
          const backlog = Math.max(0, log.observedSize - log.verifiedSize);
          const left = timeLeft(log);
          return (
            <tr key={log.id}>
              <th scope="row" data-label="Log">
                <AppLink href={`/logs/${log.id}`}>
                  <Value value={log.origin} limit={48} />
                </AppLink>
              </th>
              <td data-label="State">
                <StateMark state={logState({ ...log, openFaults: log.openFaults.length, poll }, now)} />
              </td>
              <td data-label="Verified" className="numeric">
                {formatCount(log.verifiedSize)}
                {log.reading === 'index' ? <span className="block text-muted">heads only</span> : null}
              </td>
              <td data-label="To read" className="numeric">
                {backlog === 0
                  ? '0'
                  : `${formatCount(backlog)}${left === null ? '' : `, about ${formatDuration(left)}`}`}
              </td>
              <td data-label="Checkpoint">
                {log.lastSuccessAt === null ? 'none yet' : <Age at={log.lastSuccessAt} now={now} />}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
