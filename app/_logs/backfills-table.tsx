import { formatCount, formatDuration } from '#lib/provenance/format.ts';
import { BACKFILL } from '#lib/provenance/log-words.ts';
import type { BackfillSummary } from '#lib/services/backfill/list.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { ProgressBar } from '../_verify/progress-bar.tsx';
import { RuleNames } from './rule-names.tsx';

interface Props {
  readonly log: LogSummary;
  readonly backfills: readonly BackfillSummary[];
  readonly canAct: boolean;
}

/** Back-fills of a log: what each reads, for which rules, how far it is. */
export function BackfillsTable({ log, backfills, canAct }: Props) {
  return (
    <ScrollArea label="Table of searches" className="max-h-[32rem]">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Entries</th>
            <th scope="col">State</th>
            <th scope="col">For</th>
            <th scope="col">Progress</th>
            <th scope="col" className="numeric">
              Events found
            </th>
            <th scope="col">Asked for and ended</th>
          </tr>
        </thead>
        <tbody>
          {backfills.map((backfill) => (
            <tr key={backfill.id}>
              <th scope="row" data-label="Entries">
                <span className="whitespace-nowrap">
                  {formatCount(backfill.startIndex)} to {formatCount(backfill.endIndex - 1)}
                </span>
              </th>
              <td data-label="State">
                <span>
                  <StateMark state={BACKFILL[backfill.state]} />
                  {canAct && backfill.state === 'open' ? <Stop log={log} backfill={backfill} /> : null}
                </span>
              </td>
              <td data-label="For">
                {backfill.rules === null ? 'every watch rule' : <RuleNames names={backfill.rules} />}
              </td>
              <td data-label="Progress">
                <Progress backfill={backfill} isPaused={log.state !== 'following'} />
              </td>
              <td data-label="Events" className="numeric">
                {formatCount(backfill.events)}
              </td>
              <td data-label="When">
                <span className="flex flex-col">
                  <Time at={backfill.createdAt} />
                  {backfill.finishedAt === null ? null : <Time at={backfill.finishedAt} />}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Progress({ backfill, isPaused }: { backfill: BackfillSummary; isPaused: boolean }) {
  const { entries, total, rate, secondsLeft, state } = backfill;
  const read = `${formatCount(entries)} of ${formatCount(total)}`;
  if (state !== 'open') return <span>{read} read</span>;
  return (
    <span className="flex flex-col gap-1">
      <ProgressBar className="w-full max-w-48" max={total} value={entries} label={`${read} read`} />
      <span>{read} read</span>
      <span className="text-muted">
        {isPaused ? 'Waits: nothing is taken from this log now' : speed(rate, secondsLeft)}
      </span>
    </span>
  );
}

function speed(rate: number | null, secondsLeft: number | null): string {
  if (rate === null || secondsLeft === null) return 'the rate is not known yet';
  return `${formatCount(rate)} a second, done in about ${formatDuration(secondsLeft * 1000)}`;
}

/** Asks once more before it acts, without a script. */
function Stop({ log, backfill: { id, startIndex, endIndex } }: { log: LogSummary; backfill: BackfillSummary }) {
  return (
    <details className="mt-1">
      <summary className="link min-h-6">
        Stop
        <span className="sr-only">
          {' '}
          the search of {formatCount(startIndex)} to {formatCount(endIndex - 1)}
        </span>
      </summary>
      <form action={`/logs/${log.id}/backfills/${id}/stop`} method="post" className="mt-1 flex max-w-72 flex-col gap-2">
        <p>What was read stays covered. The rest is searched only if somebody asks for it again.</p>
        <button type="submit" className="button self-start">
          Stop the search
        </button>
      </form>
    </details>
  );
}
