import { redirect } from 'next/navigation';
import { createLoader, createSerializer, parseAsInteger, parseAsString, type SearchParams } from 'nuqs/server';
import { listArtifacts } from '#lib/services/graph/list-artifacts.ts';
import { DatasetsTable } from '../../_artifacts/datasets-table.tsx';
import { withoutEmptyParts } from '../../_server/address.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';
import { SearchField } from '../../_ui/search-field.tsx';

const PAGE_SIZE = 50;

const parsers = { q: parseAsString, after: parseAsInteger };
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export const metadata = { title: 'Data sets' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/datasets${clean}`);
  const { q, after } = loadQuery(params);
  const page = await listArtifacts(database, {
    kind: 'dataset',
    limit: PAGE_SIZE,
    ...(q === null ? {} : { search: q.slice(0, 512) }),
    ...(after === null ? {} : { after }),
  });
  return (
    <>
      <PageHeader title="Data sets">
        Everything that a statement or a model’s card calls a data set, in the order in which it became known. A name is
        a claim; a digest is not.
      </PageHeader>
      <SearchField action="/datasets" label="Part of a name or digest" value={q} />
      <div className="panel overflow-hidden">
        {page.artifacts.length > 0 ? (
          <DatasetsTable artifacts={page.artifacts} />
        ) : q === null ? (
          <Empty title="No data set is known yet">
            A data set appears when a statement about a model names one as an input, or when a Croissant description of
            it is brought here. <AppLink href="/sources">See the sources</AppLink>.
          </Empty>
        ) : (
          <Empty title="No data set matches">
            Names and digests are found by any part of them. <AppLink href="/datasets">Show all data sets</AppLink>.
          </Empty>
        )}
      </div>
      {page.next === null && after === null ? null : (
        <nav aria-label="Pages" className="mt-3 flex items-center gap-2">
          {after === null ? null : (
            <AppLink href={serialize('/datasets', { q })} className="button">
              First page
            </AppLink>
          )}
          {page.next === null ? null : (
            <AppLink href={serialize('/datasets', { q, after: page.next })} className="button" rel="next">
              More
            </AppLink>
          )}
        </nav>
      )}
    </>
  );
});
