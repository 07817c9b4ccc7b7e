import type { OpenDatabase } from '#db/client.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import {
  listTrainingLogsOfVersion,
  type TrainingLogState,
  type VersionTrainingLog,
} from '#lib/services/training-log/list-of-version.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Digest, Value } from '../_ui/value.tsx';
import { TrainingCheckpoints } from './training-checkpoints.tsx';
import { TrainingMetrics } from './training-metrics.tsx';

const STATES: Readonly<Record<TrainingLogState, State>> = {
  matches: {
    tone: 'proven',
    word: 'As attested',
    meaning: 'The log that was handed in is, line for line, the one that signed provenance names.',
  },
  awaited: {
    tone: 'claimed',
    word: 'Attested, not handed in',
    meaning: 'Signed provenance names a log by its root; nobody has shown the log.',
  },
  differs: {
    tone: 'broken',
    word: 'Differs',
    meaning: 'The log that was handed in is not what signed provenance states of it.',
  },
};

/** Training logs that signed provenance of the version names. Nothing where there is none. */
export async function TrainingLogPanel({ database, detail }: { database: OpenDatabase; detail: VersionDetail }) {
  const logs = await listTrainingLogsOfVersion(database, { versionId: detail.version.id });
  if (logs.length === 0) return null;
  return (
    <Panel
      title="Training log"
      id="training-log"
      flush
      note="Signed provenance fixes every line of the log by its root. What the lines say is the word of the run: nothing here measured it."
    >
      <ul className="divide-y divide-line">
        {logs.map((log) => (
          <li key={`${log.sha256} ${log.root}`}>
            <Log log={log} detail={detail} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Log({ log, detail }: { log: VersionTrainingLog; detail: VersionDetail }) {
  const { state, reason, root, size, attestedBy, log: stored } = log;
  const label = `training log ${root.slice(0, 8)}`;
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex flex-col gap-1 p-4">
        <p className="flex flex-wrap items-center gap-x-3">
          <StateMark state={STATES[state]} />
          <span>{STATES[state].meaning}</span>
        </p>
        {reason === null ? null : <p className="max-w-[80ch] wrap-anywhere">{reason}</p>}
        <p>
          {formatPlural(size, 'line')} with the root <Digest value={root} copy="root" />, named by{' '}
          {attestedBy.slice(0, 3).map(({ bundleId, san, eventId }, i) => (
            <span key={bundleId}>
              {i > 0 ? ', ' : ''}
              <Value value={san ?? 'a key without a name'} limit={90} />
              {eventId === null ? null : (
                <>
                  {' '}
                  (<AppLink href={`/events/${eventId}`}>event</AppLink>)
                </>
              )}
            </span>
          ))}
          {attestedBy.length > 3 ? ` and in ${formatPlural(attestedBy.length - 3, 'more statement')}` : ''}.
        </p>
        {stored === null ? (
          <p className="text-muted">
            Hand it in with <span className="mono">modeltrail trainlog seal FILE --server …</span> to see what it says.
          </p>
        ) : (
          <p className="text-muted">
            {stored.run === null ? null : (
              <>
                Run <Value value={stored.run} limit={60} isText />,{' '}
              </>
            )}
            handed in <Time at={stored.receivedAt} /> by <Value value={stored.source} limit={40} isText />.{' '}
            <a href={`/api/v1/training-logs/${stored.id}/bytes`} className="link" download>
              Download the log
            </a>
          </p>
        )}
      </div>
      {stored === null || state === 'differs' ? null : (
        <>
          <TrainingMetrics summary={stored.summary} run={label} />
          <TrainingCheckpoints summary={stored.summary} detail={detail} run={label} />
          <Happened log={stored} run={label} />
        </>
      )}
    </div>
  );
}

function Happened({ log: { summary }, run }: { log: NonNullable<VersionTrainingLog['log']>; run: string }) {
  const { events, counts, clockSteps } = summary;
  return (
    <>
      {clockSteps === 0 ? null : (
        <p className="px-4 py-2">
          The time of {formatPlural(clockSteps, 'entry', 'entries')} lies before that of the entry before: a clock was
          set, or they were not written as they happened.
        </p>
      )}
      {events.length === 0 ? null : (
        <ScrollArea label={`Events of ${run}`} className="max-h-72 border-t border-line">
          <ol className="divide-y divide-line">
            {events.map(({ text, at }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same may happen twice at one time
              <li key={i} className="flex flex-wrap gap-x-4 px-4 py-1.5">
                <Time at={at} />
                <Value value={text} limit={200} isText />
              </li>
            ))}
          </ol>
          {counts.events > events.length ? (
            <p className="px-4 py-2 text-muted">
              {formatPlural(counts.events - events.length, 'earlier event')} in the file.
            </p>
          ) : null}
        </ScrollArea>
      )}
    </>
  );
}
