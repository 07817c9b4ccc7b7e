import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration, formatPlural } from '#lib/provenance/format.ts';
import { LOG_KIND, witnessState } from '#lib/provenance/log-words.ts';
import { timeLeft } from '#lib/provenance/state.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { Age } from '../_ui/age.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { StateGlyph, StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Cosigners } from './cosigners.tsx';
import { SeenAt } from './seen-at.tsx';

/** The numbers and times of a log. */
export function LogFacts({ log, poll, now }: { log: LogSummary; poll: number; now: number }) {
  const { lastCheckpoint } = log;
  const facts: (Fact | null)[] = [
    ['Kind', kindOf(log)],
    ['Size of the log', `${formatCount(log.observedSize)} entries, by the newest checkpoint that it shows us`],
    log.reading === 'index'
      ? ['Proved up to', `the head of size ${formatCount(log.verifiedSize)}`]
      : ['Verified up to', formatCount(log.verifiedSize)],
    log.reading === 'index' ? null : ['Still to read', stillToRead(log)],
    ['Newest checkpoint', lastCheckpoint === null ? 'none yet' : <NewestCheckpoint key="c" log={log} now={now} />],
    [
      'Witnesses',
      lastCheckpoint === null ? 'nothing to sign yet' : <Witnesses key="w" head={lastCheckpoint} now={now} />,
    ],
    ['Last good answer', log.lastSuccessAt === null ? 'never' : <Time key="s" at={log.lastSuccessAt} now={now} />],
    ['Looked at', looked(log, poll, now)],
    log.reading === 'index' ? null : ['Searching back', <Searching key="b" log={log} />],
    ['Mirror', <Mirror key="m" log={log} />],
  ];
  return <Facts facts={facts.filter((fact) => fact !== null)} isWide />;
}

function kindOf({ api, treeId, indexOffset, finalSize }: LogSummary): ReactNode {
  const parts = [
    LOG_KIND[api],
    ...(treeId === null ? [] : [`tree ${treeId}`]),
    ...(indexOffset > 0 ? [`counted from ${formatCount(indexOffset)} on by its server`] : []),
    ...(finalSize === null ? [] : [`ended with ${formatPlural(finalSize, 'entry', 'entries')}`]),
  ];
  return <span className="wrap-anywhere">{parts.join(', ')}</span>;
}

function stillToRead(log: LogSummary): ReactNode {
  const backlog = Math.max(0, log.observedSize - log.verifiedSize);
  if (backlog === 0) return 'nothing';
  const left = timeLeft(log);
  return (
    <span>
      {formatCount(backlog)}
      {log.rate ? ` at ${formatCount(log.rate)} entries a second` : ''}
      {left === null ? '; the rate is not known yet' : `, done in about ${formatDuration(left)}`}
    </span>
  );
}

function NewestCheckpoint({ log, now }: { log: LogSummary; now: number }) {
  const { lastCheckpoint } = log;
  if (!lastCheckpoint) return null;
  return (
    <span>
      {formatCount(lastCheckpoint.size)}, {lastCheckpoint.state}, seen{' '}
      <Time at={lastCheckpoint.firstSeenAt} now={now} />
      {lastCheckpoint.seenFrom === 'log' ? null : (
        <>
          {' '}
          through <SeenAt {...lastCheckpoint} />
        </>
      )}
    </span>
  );
}

function Witnesses({ head, now }: { head: NonNullable<LogSummary['lastCheckpoint']>; now: number }) {
  return (
    <span>
      <StateMark state={witnessState(head)} />
      <Cosigners {...head} now={now} />
    </span>
  );
}

function Searching({ log: { id, openBackfills } }: { log: LogSummary }) {
  if (openBackfills.length === 0) return 'nothing';
  const left = openBackfills.reduce((sum, { total, entries }) => sum + total - entries, 0);
  return (
    <a className="link" href={`/logs/${id}#backfills`}>
      {formatPlural(openBackfills.length, 'search', 'searches')} under way, {formatCount(left)} entries to go
    </a>
  );
}

function Mirror({ log }: { log: LogSummary }) {
  if (log.mirror === 'matches') return 'only what a rule names is kept';
  return (
    <span>
      {formatCount(log.mirrorSize)} entries on disk, {formatBytes(log.mirrorBytes)}
      {log.mirrorProblem === null ? null : (
        <span className="flex items-center gap-1.5 text-broken">
          <StateGlyph tone="broken" /> it stands still
        </span>
      )}
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
