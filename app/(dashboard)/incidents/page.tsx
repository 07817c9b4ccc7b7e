import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import {
  createLoader,
  createSerializer,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from 'nuqs/server';
import { INCIDENT_STATES, SEVERITIES } from '#db/schema/incident.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { countIncidents, listIncidents } from '#lib/services/incident/list.ts';
import { listOwners } from '#lib/services/incident/list-owners.ts';
import { IncidentsFilter } from '../../_incidents/incidents-filter.tsx';
import { IncidentsTable } from '../../_incidents/incidents-table.tsx';
import { withoutEmptyParts } from '../../_server/address.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';

const PAGE_SIZE = 50;

const parsers = {
  state: parseAsStringLiteral(INCIDENT_STATES),
  severity: parseAsStringLiteral(SEVERITIES),
  owner: parseAsString,
  before: parseAsInteger,
};
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export const metadata: Metadata = { title: 'Incidents' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/incidents${clean}`);
  const query = loadQuery(params);
  const [page, counts, owners] = await Promise.all([
    listIncidents(database, {
      filter: {
        state: query.state ?? undefined,
        severity: query.severity ?? undefined,
        owner: query.owner?.slice(0, 100),
      },
      before: query.before ?? undefined,
      limit: PAGE_SIZE,
    }),
    countIncidents(database),
    listOwners(database),
  ]);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const closed = counts.get('closed') ?? 0;
  return (
    <>
      <PageHeader title="Incidents">
        {total === 0 ? null : (
          <p className="mb-1 text-ink">
            {formatPlural(total - closed, 'incident')} under way, {closed} closed.
          </p>
        )}
        <p>
          What went wrong, and what it may have touched. What an open incident reaches is refused by verify, the API and
          the check at load time, until somebody clears it.
        </p>
      </PageHeader>
      {total === 0 ? (
        <NoIncidents />
      ) : (
        <>
          <p className="mb-3">
            <AppLink href="/incidents/new" className="button">
              Investigate something
            </AppLink>
          </p>
          <IncidentsFilter query={query} counts={counts} owners={owners} />
          <div className="panel overflow-hidden">
            {page.incidents.length > 0 ? (
              <IncidentsTable incidents={page.incidents} now={Date.now()} />
            ) : (
              <Empty title="No incident matches all of these filters">
                <AppLink href="/incidents">Show all incidents</AppLink>.
              </Empty>
            )}
          </div>
          <Pager
            newer={query.before === null ? null : serialize('/incidents', { ...query, before: null })}
            older={page.next === null ? null : serialize('/incidents', { ...query, before: page.next })}
          />
        </>
      )}
    </>
  );
});

/** The first incident begins with a question: where does this data set go? */
function NoIncidents() {
  return (
    <div className="panel">
      <Empty title="No incident has been opened">
        An incident begins with something that went wrong: a data set that was poisoned, a key that leaked, a workflow
        that was taken over. Name it, and see what it went into. Nothing is opened until you say so.
      </Empty>
      <form
        action="/incidents/new"
        method="get"
        className="mx-auto flex max-w-[40rem] flex-col gap-2 px-4 pb-8 sm:flex-row sm:items-end"
      >
        <input type="hidden" name="kind" value="dataset" />
        <label className="flex min-w-0 flex-1 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Data set: digest, repository@commit, name or address</span>
          <input name="value" required className="control mono w-full" />
        </label>
        <button type="submit" className="button button-accent w-fit">
          See what it went into
        </button>
      </form>
      <p className="px-4 pb-6 text-center text-muted">
        Or begin with <AppLink href="/incidents/new">an identity, a commit, a file, entries of a log</AppLink>, or from
        the page of what is suspected: each has a link “Investigate”.
      </p>
    </div>
  );
}
