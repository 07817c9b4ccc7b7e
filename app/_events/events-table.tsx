import { formatCount, formatIso, formatUtc, TIME_SOURCES } from '#lib/provenance/format.ts';
import { AUTHENTICITY, CLAIM } from '#lib/provenance/state.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import type { EventSummary } from '#lib/services/event/list.ts';
import { NoticeMarks } from '../_incidents/notices.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Digest, Signer, Value } from '../_ui/value.tsx';

interface Props {
  readonly events: readonly EventSummary[];
  /** By event, what stands against using the model that it signed. */
  readonly notices: ReadonlyMap<string, readonly UseNotice[]>;
}

/** Events one a row: when, by whom, what, how sure, and where to find it in the log. */
export function EventsTable({ events, notices }: Props) {
  return (
    <ScrollArea label="Signing events, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Signer</th>
            <th scope="col">State</th>
            <th scope="col">What was signed</th>
            <th scope="col">Log and entry</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Row key={event.id} event={event} notices={notices.get(event.id)} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ event, notices }: { event: EventSummary; notices: readonly UseNotice[] | undefined }) {
  return (
    <tr>
      <th scope="row" data-label="When">
        <span className="flex flex-col">
          <AppLink href={`/events/${event.id}`} className="link whitespace-nowrap">
            <time dateTime={formatIso(event.occurredAt)}>{formatUtc(event.occurredAt)}</time>
          </AppLink>
          <span className="text-muted">
            {event.signedAtSource ? TIME_SOURCES[event.signedAtSource] : 'first seen by us'}
          </span>
        </span>
      </th>
      <td data-label="Signer">
        <div className="min-w-0">
          <Who event={event} />
          <Rules rules={event.rules} />
        </div>
      </td>
      <td data-label="State">
        <span className="flex flex-col">
          <StateMark state={AUTHENTICITY[event.authenticity]} />
          <StateMark state={CLAIM[event.claim]} />
          <NoticeMarks notices={notices} />
        </span>
      </td>
      <td data-label="Signed">
        <Content event={event} />
      </td>
      <td data-label="Log, entry">
        {event.logIndex === null ? (
          <span className="text-muted">not logged</span>
        ) : (
          <span className="flex flex-col">
            <span>{formatCount(event.logIndex)}</span>
            <Value value={event.origin ?? 'a log that is not followed'} limit={26} isShort className="text-muted" />
          </span>
        )}
      </td>
    </tr>
  );
}

function Who({ event }: { event: EventSummary }) {
  if (event.san !== null) return <Signer san={event.san} issuer={event.issuer} />;
  if (event.undecided !== null) return <span className="text-muted">Nobody that can be read</span>;
  if (event.publicKeySha256 === null) return <Signer san={null} issuer={event.issuer} />;
  return (
    <span className="flex flex-col">
      <span>Bare key</span>
      <Value value={event.publicKeySha256} limit={20} isShort className="text-muted" />
    </span>
  );
}

/** The rules that the event met; most meet one. */
function Rules({ rules }: { rules: EventSummary['rules'] }) {
  if (rules.length === 0) return null;
  return (
    <span className="block text-muted">
      <span className="sr-only">Watch rules: </span>
      {rules.map(({ rule, own }) => `${elideMiddle(showText(rule), 40)}${own ? ' (own)' : ''}`).join(', ')}
    </span>
  );
}

function Content({ event }: { event: EventSummary }) {
  if (event.about !== null) {
    return event.about.slug === null ? (
      <Value value={event.about.name} limit={36} />
    ) : (
      <AppLink href={`/models/${event.about.slug}`}>
        <Value value={event.about.name} limit={36} />
      </AppLink>
    );
  }
  if (event.undecided !== null) return <span className="text-muted">cannot be read</span>;
  if (event.digest === null) return <span className="text-muted">no digest</span>;
  return <Digest value={event.digest} algorithm={event.digestAlgorithm ?? ''} limit={14} copy="digest" />;
}
