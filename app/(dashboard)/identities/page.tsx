import { redirect } from 'next/navigation';
import {
  createLoader,
  createSerializer,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  type SearchParams,
} from 'nuqs/server';
import { formatPlural } from '#lib/provenance/format.ts';
import { countIdentities, listIdentities } from '#lib/services/identity/list.ts';
import { IdentitiesTable } from '../../_identities/identities-table.tsx';
import { withoutEmptyParts } from '../../_server/address.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';
import { SearchField } from '../../_ui/search-field.tsx';

const PAGE_SIZE = 50;
const LAST_PAGE = 10_000;

const parsers = { q: parseAsString, unclaimed: parseAsBoolean, page: parseAsInteger };
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export const metadata = { title: 'Identities' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/identities${clean}`);
  const query = loadQuery(params);
  const page = Math.min(LAST_PAGE, Math.max(1, query.page ?? 1));
  const { identities, hasMore, total } = await listIdentities(database, {
    page: page - 1,
    limit: PAGE_SIZE,
    ...(query.q === null ? {} : { search: query.q.slice(0, 512) }),
    ...(query.unclaimed ? { hasUnclaimed: true } : {}),
  });
  const isNarrowed = query.q !== null || query.unclaimed === true;
  // The list knows it where it is of all: to count them goes through all events again.
  const all = isNarrowed || total === null ? await countIdentities(database) : total;
  const url = (to: number) => serialize('/identities', { ...query, page: to === 1 ? null : to });
  return (
    <>
      <PageHeader title="Identities">
        {formatPlural(all, 'identity', 'identities')} that signed something seen here, the latest first. An address at
        two issuers is two identities.
      </PageHeader>
      <SearchField action="/identities" label="Part of an identity or issuer" value={query.q} isNarrowed={isNarrowed}>
        <label className="inline-flex min-h-8 items-center gap-2">
          <input
            type="checkbox"
            name="unclaimed"
            value="true"
            defaultChecked={query.unclaimed === true}
            className="size-4 accent-accent"
          />
          With unclaimed signings only
        </label>
      </SearchField>
      <div className="panel overflow-hidden">
        {identities.length > 0 ? <IdentitiesTable identities={identities} /> : <NoIdentities isNarrowed={isNarrowed} />}
      </div>
      <Pager newer={page > 1 ? url(page - 1) : null} older={hasMore ? url(page + 1) : null} />
    </>
  );
});

function NoIdentities({ isNarrowed }: { isNarrowed: boolean }) {
  return isNarrowed ? (
    <Empty title="No identity matches">
      Identities and issuers are found by any part of them. <AppLink href="/identities">Show all identities</AppLink>.
    </Empty>
  ) : (
    <Empty title="No identity has been seen yet">
      An identity appears with the first log entry that a watch rule matches, or the first bundle that is brought here.{' '}
      <AppLink href="/logs">See the logs</AppLink>.
    </Empty>
  );
}
