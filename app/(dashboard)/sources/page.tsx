import { createLoader, createSerializer, parseAsString, parseAsStringLiteral, type SearchParams } from 'nuqs/server';
import { formatCount } from '#lib/provenance/format.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { type DeliveryPage, listDeliveries } from '#lib/services/source/list-deliveries.ts';
import { listSources, type SourceSummary } from '#lib/services/source/list-sources.ts';
import { databasePage } from '../../_server/page.tsx';
import { SourceFilesTable } from '../../_sources/source-files-table.tsx';
import { SourcesTable } from '../../_sources/sources-table.tsx';
import { UploadForm } from '../../_sources/upload-form.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader, Panel } from '../../_ui/panel.tsx';

const PAGE_SIZE = 100;

const parsers = { outcome: parseAsStringLiteral(['accepted', 'refused']), source: parseAsString, after: parseAsString };
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export const metadata = { title: 'Sources' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const query = await loadQuery(searchParams);
  const after = parseAfter(query.after);
  const [page, sources, configuration] = await Promise.all([
    listDeliveries(database, {
      limit: PAGE_SIZE,
      ...(query.outcome === null ? {} : { outcome: query.outcome }),
      ...(query.source === null ? {} : { source: query.source.slice(0, 512) }),
      ...(after ? { after } : {}),
    }),
    listSources(database),
    getConfiguration(database),
  ]);
  const all = page.counts.accepted + page.counts.refused;
  const next = page.next && `${page.next.outcome}.${page.next.checkedAt}.${page.next.id}`;
  return (
    <>
      <PageHeader title="Sources">
        Where bundles and model files come from, how the last look went, and what became of each file.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Sources sources={sources} path={configuration.path} chosen={query.source} />
        <Panel title="Hand in">
          <UploadForm />
        </Panel>
        <Panel
          title="Files"
          flush
          aside={
            <span className="flex flex-wrap gap-4">
              <Choice
                href={serialize('/sources', { ...query, outcome: null, after: null })}
                isOn={query.outcome === null}
                label="All"
                count={all}
              />
              <Choice
                href={serialize('/sources', { ...query, outcome: 'refused', after: null })}
                isOn={query.outcome === 'refused'}
                label="Refused"
                count={page.counts.refused}
              />
              <Choice
                href={serialize('/sources', { ...query, outcome: 'accepted', after: null })}
                isOn={query.outcome === 'accepted'}
                label="Accepted"
                count={page.counts.accepted}
              />
            </span>
          }
        >
          {page.files.length > 0 ? <SourceFilesTable files={page.files} /> : <NoFiles isEmpty={all === 0} />}
        </Panel>
        <Pager
          newer={after ? serialize('/sources', { ...query, after: null }) : null}
          older={next && serialize('/sources', { ...query, after: next })}
        />
      </div>
    </>
  );
});

function parseAfter(text: string | null): NonNullable<DeliveryPage['next']> | null {
  const match = /^(accepted|refused)\.([0-9]{1,15})\.([0-9]{1,15})$/.exec(text ?? '');
  if (!match) return null;
  return {
    outcome: match[1] === 'accepted' ? 'accepted' : 'refused',
    checkedAt: Number(match[2]),
    id: Number(match[3]),
  };
}

function Choice({ href, isOn, label, count }: { href: string; isOn: boolean; label: string; count: number }) {
  return (
    <AppLink
      href={href}
      aria-current={isOn ? 'true' : undefined}
      className={`inline-flex min-h-6 items-center ${isOn ? 'font-medium text-ink' : 'link'}`}
    >
      {label} ({formatCount(count)})
    </AppLink>
  );
}

function Sources({
  sources,
  path,
  chosen,
}: {
  sources: readonly SourceSummary[];
  path: string | null;
  chosen: string | null;
}) {
  if (sources.length === 0) {
    return (
      <p className="panel p-4">
        No source is configured. Name one under sources in {path ?? 'modeltrail.yaml'}, or hand bundles in below: until
        then, signings stay unclaimed.
      </p>
    );
  }
  return (
    <Panel title="Where bundles come from" flush>
      <SourcesTable sources={sources} chosen={chosen} />
    </Panel>
  );
}

function NoFiles({ isEmpty }: { isEmpty: boolean }) {
  return isEmpty ? (
    <Empty title="No file has been seen yet">
      Bundles (.sigstore.json, model.sig and the like) are taken up as soon as a source has them, or you hand them in.
    </Empty>
  ) : (
    <Empty title="No file of this kind">
      <AppLink href="/sources">Show all files</AppLink>
    </Empty>
  );
}
