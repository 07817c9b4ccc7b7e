import { Search } from 'lucide-react';
import Form from 'next/form';
import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { formatPlural } from '#lib/provenance/format.ts';
import { LOGGED } from '#lib/provenance/state.ts';
import { countModels, listModels, type ModelPlace } from '#lib/services/model/list.ts';
import { ModelsTable } from '../../_models/models-table.tsx';
import { formatPlace, parsePlace, withoutEmptyParts } from '../../_server/address.ts';
import { loadModelsQuery, type ModelsQuery, modelsUrl } from '../../_server/models-url.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';

const PAGE_SIZE = 50;

export const metadata = { title: 'Models' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/models${clean}`);
  const query = loadModelsQuery(params);
  const olderThan = parsePlace(query.before);
  const newerThan = parsePlace(query.after);
  const [page, all] = await Promise.all([
    listModels(database, {
      limit: PAGE_SIZE,
      ...(query.q === null ? {} : { search: query.q.slice(0, 512) }),
      ...(query.signer === null ? {} : { signer: query.signer.slice(0, 512) }),
      ...(query.state === null ? {} : { logged: query.state }),
      ...(olderThan ? { olderThan } : newerThan ? { newerThan } : {}),
    }),
    countModels(database),
  ]);
  const isNarrowed = query.q !== null || query.signer !== null || query.state !== null;
  return (
    <>
      <PageHeader title="Models">
        {formatPlural(all, 'model')} by the names that signed statements give them; the last signed first. A name is a
        claim: look at who signed.
      </PageHeader>
      <SearchForm query={query} isNarrowed={isNarrowed} />
      <div className="panel overflow-hidden">
        {page.models.length > 0 ? <ModelsTable models={page.models} /> : <NoModels isNarrowed={isNarrowed} />}
      </div>
      <Pager
        newer={pageUrl(query, 'after', page.newer)}
        older={pageUrl(query, 'before', page.older)}
        newest={modelsUrl({ ...query, before: null, after: null })}
      />
    </>
  );
});

function pageUrl(query: ModelsQuery, key: 'before' | 'after', place: ModelPlace | null): string | null {
  return place && modelsUrl({ ...query, before: null, after: null, [key]: formatPlace(place) });
}

function SearchForm({ query, isNarrowed }: { query: ModelsQuery; isNarrowed: boolean }) {
  return (
    <Form action="/models" prefetch={false} key={JSON.stringify(query)} className="mb-3 flex flex-wrap items-end gap-2">
      <label className="relative min-w-48 flex-1">
        <span className="sr-only">Part of the name</span>
        <Search size={15} aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 text-muted" />
        <input
          type="search"
          name="q"
          defaultValue={query.q ?? ''}
          placeholder="Part of the name"
          className="control w-full pl-8!"
        />
      </label>
      <label className="min-w-48 flex-1">
        <span className="sr-only">Part of the signer’s identity</span>
        <input
          name="signer"
          defaultValue={query.signer ?? ''}
          placeholder="Part of the last signer’s identity"
          className="control w-full"
        />
      </label>
      <label>
        <span className="sr-only">State of the newest signature</span>
        <select name="state" defaultValue={query.state ?? ''} className="control">
          <option value="">Any state</option>
          {Object.entries(LOGGED).map(([value, { word }]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {isNarrowed ? (
        <AppLink href="/models" className="button">
          Clear
        </AppLink>
      ) : null}
    </Form>
  );
}

function NoModels({ isNarrowed }: { isNarrowed: boolean }) {
  if (isNarrowed) {
    return (
      <Empty title="No model matches">
        Names and identities are found by any part of them. <AppLink href="/models">Show all models</AppLink>.
      </Empty>
    );
  }
  return (
    <Empty title="No model has been seen yet">
      A model appears when a bundle with a verified model signature is found in a watched directory: the log alone does
      not name models. <AppLink href="/sources">See the watched directories</AppLink>.
    </Empty>
  );
}
