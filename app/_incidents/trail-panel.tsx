import type { ChainFault } from '#lib/provenance/audit-chain.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import {
  describeAction,
  INCIDENT_STATE,
  type IncidentState,
  SEVERITY,
  type Severity,
} from '#lib/provenance/incident-words.ts';
import type { State } from '#lib/provenance/state.ts';
import { nameOfActor } from '#lib/services/access/actor.ts';
import type { AuditEntry } from '#lib/services/audit/list.ts';
import type { IncidentDetail } from '#lib/services/incident/get.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Panel } from '../_ui/panel.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { PlainText } from './plain-text.tsx';

interface Props {
  readonly incident: IncidentDetail;
  readonly entries: readonly AuditEntry[];
  readonly fault: ChainFault | null;
  /** Where all entries are; null where this is the place. */
  readonly allUrl: string | null;
  readonly isWhole: boolean;
  readonly canAct: boolean;
}

const WHOLE: State = {
  tone: 'proven',
  word: 'Chain whole',
  meaning: 'Every entry holds the hash of the one before, and each hash is that of what the entry says.',
};

/** Everything that was done about an incident, the newest first, and whether its chain of hashes holds. */
export function TrailPanel({ incident, entries, fault, allUrl, isWhole, canAct }: Props) {
  const newest = entries[0];
  return (
    <Panel
      title="What was done"
      id="trail"
      flush
      aside={
        fault === null ? (
          <StateMark state={WHOLE} />
        ) : (
          <StateMark
            state={{ tone: 'broken', word: 'Chain broken', meaning: `Entry ${fault.seq}: ${fault.problem}.` }}
          />
        )
      }
      note={
        fault === null ? (
          <>
            A chain of hashes: a change of what stands here would show.
            {newest ? (
              <>
                {' '}
                Note its last hash elsewhere, and an end that was cut off shows too:{' '}
                <Value value={newest.hash} limit={20} copy="hash" isShort />
              </>
            ) : null}
          </>
        ) : (
          <span className="text-broken">
            Entry {fault.seq}: {fault.problem}. Somebody changed the database by other ways than Modeltrail. Compare it
            with a backup.
          </span>
        )
      }
    >
      {canAct ? (
        <form
          action={`/incidents/${incident.id}/note`}
          method="post"
          className="flex flex-col gap-2 border-b border-line p-3"
        >
          <input type="hidden" name="updatedAt" value={incident.updatedAt} />
          <label className="flex min-w-0 flex-col gap-1">
            <span className="text-[0.8125rem] text-muted">Note, as plain text. It cannot be changed later.</span>
            <textarea name="text" required rows={2} maxLength={8000} className="control w-full" />
          </label>
          <button type="submit" className="button w-fit">
            Write it down
          </button>
        </form>
      ) : null}
      <ol className="divide-y divide-line">
        {entries.map((entry) => (
          <li key={entry.row} className="grid gap-x-4 px-4 py-2 md:grid-cols-[3rem_13rem_minmax(0,1fr)]">
            <span className="text-muted tabular-nums">{entry.seq}</span>
            <span className="text-muted">
              <Time at={entry.at} />
            </span>
            <Entry entry={entry} />
          </li>
        ))}
      </ol>
      {isWhole || allUrl === null ? null : (
        <p className="border-t border-line px-4 py-2">
          <AppLink href={allUrl}>Everything that was done</AppLink>
        </p>
      )}
    </Panel>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const lines = detailLines(entry).filter((line) => line !== '');
  return (
    <div className="min-w-0">
      <p className="wrap-anywhere">
        <Value value={nameOfActor(entry.actor)} limit={80} isText className="font-medium" />{' '}
        {describeAction(entry.action)}
        {entry.target === '' ? null : (
          <>
            {' '}
            <Value value={entry.target} limit={40} isShort />
          </>
        )}
      </p>
      {lines.map((line) => (
        <div key={line} className="max-w-[100ch] text-muted">
          <PlainText text={line} limit={8200} />
        </div>
      ))}
    </div>
  );
}

/** What is told of an entry besides who and what. Its values were typed by people: they are shown, never interpreted. */
function detailLines({ action, detail }: AuditEntry): string[] {
  const text = (key: string) => (typeof detail[key] === 'string' ? detail[key] : null);
  const names = namesIn(detail.artifacts);
  switch (action) {
    case 'incident.decided':
      return [`${text('decision') ?? 'undecided'}: ${text('reason') ?? ''}`, names];
    case 'incident.joined':
    case 'incident.left':
      return [names];
    case 'incident.closed':
      return [
        text('resolution') ?? '',
        `${formatPlural(Number(detail.undecided ?? 0), 'artifact')} undecided${names === '' ? '.' : `: ${names}`}`,
      ];
    case 'incident.state-set':
    case 'incident.reopened': {
      const state = text('state');
      return state !== null && state in INCIDENT_STATE ? [INCIDENT_STATE[state as IncidentState].word] : [];
    }
    case 'incident.scope-edited':
      return [`${Number(detail.added ?? 0)} came in, ${Number(detail.left ?? 0)} went out.`];
    case 'incident.opened':
      return [text('title') ?? '', severityWord(text('severity'))];
    case 'incident.severity-set':
      return [severityWord(text('severity'))];
    default:
      return ['text', 'notice', 'note', 'severity', 'name', 'title'].flatMap((key) => text(key) ?? []);
  }
}

function severityWord(severity: string | null): string {
  return severity !== null && severity in SEVERITY ? `Severity: ${SEVERITY[severity as Severity].word}` : '';
}

const NAMED = 10;

function namesIn(artifacts: unknown): string {
  if (!Array.isArray(artifacts)) return '';
  const names = artifacts.flatMap((artifact: { name?: unknown }) =>
    typeof artifact?.name === 'string' ? [artifact.name] : [],
  );
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}
