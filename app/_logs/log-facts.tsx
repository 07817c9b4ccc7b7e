import { formatCount, formatDuration } from '#lib/provenance/format.ts';
import { timeLeft } from '#lib/provenance/state.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { Age } from '../_ui/age.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { Time } from '../_ui/time.tsx';

/** The numbers and times of a log. */
export function LogFacts({ log, poll, now }: { log: LogSummary; poll: number; now: number }) {
  const backlog = Math.max(0, log.observedSize - log.verifiedSize);
  const left = timeLeft(log);
  const facts: Fact[] = [
    ['Size of the log', `${formatCount(log.observedSize)} entries, by its newest signed checkpoint`],
    ['Verified up to', formatCount(log.verifiedSize)],
    [
      'Still to read',
      backlog === 0 ? (
        'nothing'
      ) : (
        <span key="backlog">
          {formatCount(backlog)}
          {log.rate ? ` at ${formatCount(log.rate)} entries a second` : ''}
          {left === null ? '; the rate is not known yet' : `, done in about ${formatDuration(left)}`}
        </span>
      ),
    ],
    [
      'Newest checkpoint',
      log.lastCheckpoint === null ? 'none yet' : <NewestCheckpoint key="checkpoint" log={log} now={now} />,
    ],
    [
      'Last good answer',
      log.lastSuccessAt === null ? 'never' : <Time key="success" at={log.lastSuccessAt} now={now} />,
    ],
    ['Looked at', looked(log, poll, now)],
  ];
  return <Facts facts={facts} isWide />;
}

function NewestCheckpoint({ log, now }: { log: LogSummary; now: number }) {
  const { lastCheckpoint } = log;
  if (!lastCheckpoint) return null;
  return (
    <span>
      {formatCount(lastCheckpoint.size)}, {lastCheckpoint.state}, seen{' '}
      <Time at={lastCheckpoint.firstSeenAt} now={now} />
    </span>
  );
}

function looked(log: LogSummary, poll: number, now: number) {
  if (log.state === 'frozen') return 'no more: the log is frozen';
  if (log.state === 'removed') return 'no more: the log was removed';
  const every = `every ${formatDuration(poll)}`;
  if (log.lastAttemptAt === null) return `${every}; not yet`;
  return (
    <span>
      {every}, last <Age at={log.lastAttemptAt} now={now} />
    </span>
  );
}
