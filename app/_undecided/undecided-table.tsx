import { formatBytes, formatCount } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { UndecidedEntry } from '#lib/services/event/list-undecided.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const HELD: State = {
  tone: 'broken',
  word: 'Watched string',
  meaning: 'A string that is watched for stands in the bytes. Who put it there, nobody can tell yet.',
};
const WAITS: State = { tone: 'claimed', word: 'To be read again', meaning: 'The jobs read it again within seconds.' };

/** Entries that nobody could read: where, why, and what stands in their bytes. */
export function UndecidedTable({ entries }: { entries: readonly UndecidedEntry[] }) {
  return (
    <ScrollArea label="Undecided entries, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">First seen</th>
            <th scope="col">Log and entry</th>
            <th scope="col">Why it cannot be read</th>
            <th scope="col">Watched strings in its bytes</th>
            <th scope="col">Bytes</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <th scope="row" data-label="First seen">
                <AppLink href={`/events/${entry.id}`}>
                  <Time at={entry.firstSeenAt} />
                </AppLink>
              </th>
              <td data-label="Log, entry">
                {entry.logIndex === null ? (
                  <span className="text-muted">not logged</span>
                ) : (
                  <span className="flex flex-col">
                    <span>{formatCount(entry.logIndex)}</span>
                    {entry.logId === null ? null : (
                      <AppLink href={`/logs/${entry.logId}`}>
                        <Value value={entry.origin ?? 'its log'} limit={26} isShort />
                      </AppLink>
                    )}
                  </span>
                )}
              </td>
              <td data-label="Why">
                <span className="flex min-w-0 flex-col gap-0.5 md:min-w-64">
                  <span className="wrap-anywhere">{showText(entry.reason)}</span>
                  <span className="text-muted">
                    {entry.kind === null ? (
                      'It says nothing readable of itself.'
                    ) : (
                      <>
                        It calls itself <Value value={entry.kind} limit={40} />.
                      </>
                    )}
                  </span>
                  {entry.isWaiting ? <StateMark state={WAITS} /> : null}
                </span>
              </td>
              <td data-label="Watched">
                <Matches matches={entry.matches} />
              </td>
              <td data-label="Bytes">
                {entry.bytes === 0 ? (
                  <span className="text-muted">not kept</span>
                ) : (
                  <a className="link whitespace-nowrap" href={`/events/${entry.id}/entry`} download>
                    {formatBytes(entry.bytes)}
                    <span className="sr-only">: download the bytes of entry {entry.logIndex}</span>
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Matches({ matches }: Pick<UndecidedEntry, 'matches'>) {
  if (matches.length === 0) return <span className="text-muted">none found</span>;
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <StateMark state={HELD} />
      {matches.map(({ rule, value }) => (
        <span key={rule} className="lines">
          <Value value={value} limit={60} />
          <span className="text-muted">
            by the rule <Value value={rule} limit={40} isText />
          </span>
        </span>
      ))}
    </span>
  );
}
