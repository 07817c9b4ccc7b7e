import { createLoader, createSerializer, parseAsString, parseAsStringLiteral, type SearchParams } from 'nuqs/server';
import { formatCount } from '#lib/provenance/format.ts';
import { listSourceFiles, type SourceFilePage } from '#lib/services/bundle/list-source-files.ts';
import { type Configuration, getConfiguration } from '#lib/services/overview/configuration.ts';
import { databasePage } from '../../_server/page.tsx';
import { SourceFilesTable } from '../../_sources/source-files-table.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader, Panel } from '../../_ui/panel.tsx';
import { Value } from '../../_ui/value.tsx';

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
  const [page, configuration] = await Promise.all([
    listSourceFiles(database, {
      limit: PAGE_SIZE,
      ...(query.outcome === null ? {} : { outcome: query.outcome }),
      ...(query.source === null ? {} : { source: query.source.slice(0, 512) }),
      ...(after ? { after } : {}),
    }),
    getConfiguration(database),
  ]);
  const all = page.counts.accepted + page.counts.refused;
  const next = page.next && `${page.next.outcome}.${page.next.checkedAt}.${page.next.id}`;
  return (
    <>
      <PageHeader title="Sources">
        Directories that are watched for bundles, and what became of each file in them.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Directories configuration={configuration} chosen={query.source} />
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

function parseAfter(text: string | null): NonNullable<SourceFilePage['next']> | null {
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

function Directories({ configuration, chosen }: { configuration: Configuration; chosen: string | null }) {
  if (configuration.sources.length === 0) {
    return (
      <p className="panel p-4">
        No directory is watched. Name one under sources in {configuration.path ?? 'modeltrail.yaml'}, and put bundles
        there: until then, signings stay unclaimed.
      </p>
    );
  }
  return (
    <ul aria-label="Watched directories" className="panel divide-y divide-line">
      {configuration.sources.map(({ name, directory }) => (
        <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
          <AppLink
            href={serialize('/sources', { source: name })}
            aria-current={chosen === name ? 'true' : undefined}
            className="link font-medium"
          >
            <Value value={name} limit={60} isText />
          </AppLink>
          {directory === null ? null : <Value value={directory} limit={90} className="text-muted" />}
        </li>
      ))}
    </ul>
  );
}

function NoFiles({ isEmpty }: { isEmpty: boolean }) {
  return isEmpty ? (
    <Empty title="No file has been seen yet">
      Bundles (.sigstore.json, model.sig and the like) are taken up as soon as they are put into a watched directory.
    </Empty>
  ) : (
    <Empty title="No file of this kind">
      <AppLink href="/sources">Show all files</AppLink>
    </Empty>
  );
}
