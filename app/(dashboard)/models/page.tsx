import { redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { formatPlural } from '#lib/provenance/format.ts';
import { noticesOfVersions } from '#lib/services/incident/notices-by.ts';
import { countModels, listModels, type ModelPlace } from '#lib/services/model/list.ts';
import { ModelsFilter } from '../../_models/models-filter.tsx';
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
      ...(query.state === null ? {} : { state: query.state }),
      ...(query.weakest === null ? {} : { weakest: query.weakest }),
      ...(query.findings ? { hasFindings: true } : {}),
      ...(olderThan ? { olderThan } : newerThan ? { newerThan } : {}),
    }),
    countModels(database),
  ]);
  const notices = noticesOfVersions(
    database,
    page.models.flatMap(({ newest }) => newest?.id ?? []),
  );
  const { before: _, after: _after, ...filters } = query;
  const isNarrowed = Object.values(filters).some((value) => value !== null && value !== false);
  return (
    <>
      <PageHeader title="Models">
        {formatPlural(all, 'model')} by the names that signed statements give them; the last signed first. A name is a
        claim: look at who signed.
      </PageHeader>
      <ModelsFilter query={query} isNarrowed={isNarrowed} />
      <div className="panel overflow-hidden">
        {page.models.length > 0 ? (
          <ModelsTable models={page.models} notices={notices} now={Date.now()} />
        ) : (
          <NoModels isNarrowed={isNarrowed} />
        )}
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
      A model appears when a bundle with a verified model signature, or a folder of model files, is brought here: the
      log alone does not name models. <AppLink href="/sources">See the sources</AppLink>.
    </Empty>
  );
}
