import { formatCount } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { LogFault } from '#lib/services/log/list.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';

const SEVERITY: Readonly<Record<LogFault['severity'], State>> = {
  misbehaviour: { tone: 'broken', word: 'Misbehaviour', meaning: 'Proved by bytes that the log signed.' },
  failure: { tone: 'unknown', word: 'Failure', meaning: 'The log could not be read; it is tried again.' },
};

/** What went wrong with a log, with the evidence where there is any. */
export function FaultsTable({ faults, label }: { faults: readonly LogFault[]; label: string }) {
  return (
    <ScrollArea label={label}>
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Fault</th>
            <th scope="col" className="numeric">
              Times
            </th>
            <th scope="col">First and last</th>
            <th scope="col">Evidence</th>
          </tr>
        </thead>
        <tbody>
          {faults.map((fault) => (
            <tr key={fault.id}>
              <td data-label="Severity">
                <StateMark state={SEVERITY[fault.severity]} />
              </td>
              <th scope="row" data-label="Fault">
                <span className="flex min-w-0 flex-col wrap-anywhere">
                  <span className="mono">{fault.code}</span>
                  <span>{showText(fault.message)}</span>
                </span>
              </th>
              <td data-label="Times" className="numeric">
                {formatCount(fault.count)}
              </td>
              <td data-label="When">
                <span className="flex flex-col">
                  <Time at={fault.firstAt} />
                  {fault.lastAt === fault.firstAt ? null : <Time at={fault.lastAt} />}
                  {fault.resolvedAt === null ? null : (
                    <span className="text-muted">
                      over since <Time at={fault.resolvedAt} />
                    </span>
                  )}
                </span>
              </td>
              <td data-label="Evidence">
                {fault.hasEvidence ? <Evidence fault={fault} /> : <span className="text-muted">none</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** The file, and how somebody who does not trust us checks it. */
function Evidence({ fault: { id, logId, severity } }: { fault: LogFault }) {
  const file = `log-${logId}-fault-${id}.json`;
  return (
    <span className="flex flex-col gap-1">
      <a className="link self-start" href={`/logs/${logId}/faults/${id}`} download>
        Download
      </a>
      {severity === 'misbehaviour' ? (
        <span className="text-muted">
          Anybody can check it offline, with the log’s key from another source:{' '}
          <code className="mono wrap-anywhere">modeltrail log check-evidence {file} --key KEY</code>
        </span>
      ) : null}
    </span>
  );
}
