import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { listEventFacets } from '#lib/services/event/facets.ts';
import { countEvents, type EventPlace, listEvents } from '#lib/services/event/list.ts';
import { noticesOfEvents } from '#lib/services/incident/notices-by.ts';
import { ActiveFilters } from '../../_events/active-filters.tsx';
import { EventsTable } from '../../_events/events-table.tsx';
import { EventsFilter } from '../../_events/filter-form.tsx';
import { readEventsQuery } from '../../_events/query.ts';
import { formatPlace, type Place, parsePlace, withoutEmptyParts } from '../../_server/address.ts';
import { type EventsQuery, eventsUrl, loadEventsQuery } from '../../_server/events-url.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';
import { StateGlyph } from '../../_ui/state-mark.tsx';

const PAGE_SIZE = 50;
const COUNT_UP_TO = 1001;

export const metadata = { title: 'Events' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/events${clean}`);
  const query = loadEventsQuery(params);
  const { filter, problems } = readEventsQuery(query);
  const olderThan = toEventPlace(parsePlace(query.before));
  const newerThan = toEventPlace(parsePlace(query.after));
  const [page, count, facets] = await Promise.all([
    listEvents(database, { filter, limit: PAGE_SIZE, ...(olderThan ? { olderThan } : newerThan ? { newerThan } : {}) }),
    countEvents(database, { filter, upTo: COUNT_UP_TO }),
    listEventFacets(database),
  ]);
  const notices = noticesOfEvents(
    database,
    page.events.map(({ id }) => id),
  );
  const origins = new Map(facets.logs.map(({ id, origin }) => [id, origin]));
  const isNarrowed = Object.keys(filter).length > 0;
  return (
    <>
      <PageHeader title="Events">
        {describeCount(count, isNarrowed)}{' '}
        {query.undecided ? (
          <AppLink href="/undecided">Why these cannot be read, and when they are tried again</AppLink>
        ) : null}
      </PageHeader>
      <EventsFilter query={query} facets={facets} />
      <ActiveFilters query={query} origins={origins} />
      {problems.map((problem) => (
        <p key={problem} className="mb-3 flex items-center gap-2">
          <StateGlyph tone="broken" />
          {problem}
        </p>
      ))}
      <div className="panel overflow-hidden">
        {page.events.length > 0 ? (
          <EventsTable events={page.events} notices={notices} />
        ) : (
          <NoEvents isNarrowed={isNarrowed} isBeyond={olderThan !== null || newerThan !== null} query={query} />
        )}
      </div>
      <Pager
        newer={pageUrl(query, 'after', page.newer)}
        older={pageUrl(query, 'before', page.older)}
        newest={eventsUrl({ ...query, before: null, after: null })}
      />
    </>
  );
});

function describeCount(count: number, isNarrowed: boolean): string {
  const number =
    count >= COUNT_UP_TO ? `More than ${formatCount(COUNT_UP_TO - 1)} events` : formatPlural(count, 'event');
  return isNarrowed
    ? `${number} match, newest first.`
    : `${number} that a watch rule or a bundle has met, newest first.`;
}

function pageUrl(query: EventsQuery, key: 'before' | 'after', place: EventPlace | null): string | null {
  return (
    place &&
    eventsUrl({ ...query, before: null, after: null, [key]: formatPlace({ at: place.occurredAt, id: place.id }) })
  );
}

function toEventPlace(place: Place | null): EventPlace | null {
  return place && { occurredAt: place.at, id: place.id };
}

function NoEvents({ isNarrowed, isBeyond, query }: { isNarrowed: boolean; isBeyond: boolean; query: EventsQuery }) {
  if (isBeyond) {
    return (
      <Empty title="There are no events here">
        <AppLink href={eventsUrl({ ...query, before: null, after: null })}>Back to the newest</AppLink>
      </Empty>
    );
  }
  if (isNarrowed) {
    return (
      <Empty title="No event matches all of these filters">
        Take one of them away above, or <AppLink href="/events">show all events</AppLink>. Identities and issuers are
        compared whole; the search finds parts.
      </Empty>
    );
  }
  return (
    <Empty title="No event has been seen yet">
      Events come from log entries that meet a watch rule of modeltrail.yaml, and from bundles in the watched
      directories. <AppLink href="/logs">See how far the logs have been read</AppLink>.
    </Empty>
  );
}
