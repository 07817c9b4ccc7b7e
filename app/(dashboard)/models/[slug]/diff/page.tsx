import type { Metadata } from 'next';
import Form from 'next/form';
import { notFound } from 'next/navigation';
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server';
import { formatUtcDate } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { diffVersions } from '#lib/services/model/diff-versions.ts';
import { getModel, type ModelVersion } from '#lib/services/model/get.ts';
import { VersionDiff } from '../../../../_models/version-diff.tsx';
import { databasePage } from '../../../../_server/page.tsx';
import { AppLink } from '../../../../_ui/app-link.tsx';
import { Empty, PageHeader } from '../../../../_ui/panel.tsx';
import { Value } from '../../../../_ui/value.tsx';

const loadQuery = createLoader({ from: parseAsString, to: parseAsString });

interface Props {
  readonly params: Promise<{ slug: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Changes of ${(await params).slug.slice(0, 60)}` };
}

export default databasePage<Props>(async (database, { params, searchParams }) => {
  const slug = (await params).slug;
  const query = loadQuery(await searchParams);
  const detail = slug.length > 200 ? null : await getModel(database, { slug });
  if (!detail) notFound();
  const { versions, model } = detail;
  const to = query.to ?? versions[0]?.id;
  const from = query.from ?? versions[versions.findIndex(({ id }) => id === to) + 1]?.id;
  const hasBoth = to !== undefined && from !== undefined;
  if (hasBoth && Math.max(to.length, from.length) > 100) notFound();
  const diff = hasBoth ? await diffVersions(database, { slug, from, to }) : null;
  if (hasBoth && !diff) notFound();
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/models">Models</AppLink> /{' '}
        <AppLink href={`/models/${slug}`}>
          <Value value={model.name} limit={60} />
        </AppLink>
      </p>
      <PageHeader title="What changed between two versions">
        Of the signed lists of files, and of what statements about the versions say. A statement’s words are claims.
      </PageHeader>
      {diff ? (
        <>
          <Pickers slug={slug} versions={versions} from={diff.from.id} to={diff.to.id} />
          <VersionDiff diff={diff} />
        </>
      ) : (
        <div className="panel">
          <Empty title="There is one version only">
            Nothing to compare yet. <AppLink href={`/models/${slug}`}>See the version</AppLink>.
          </Empty>
        </div>
      )}
    </>
  );
});

interface PickersProps {
  readonly slug: string;
  readonly versions: readonly ModelVersion[];
  readonly from: string;
  readonly to: string;
}

function Pickers({ slug, versions, from, to }: PickersProps) {
  return (
    <Form
      action={`/models/${slug}/diff`}
      prefetch={false}
      key={`${from} ${to}`}
      className="mb-6 flex flex-wrap items-end gap-2"
    >
      <Picker name="from" label="From" versions={versions} chosen={from} />
      <Picker name="to" label="To" versions={versions} chosen={to} />
      <button type="submit" className="button button-accent">
        Compare
      </button>
      <AppLink href={`/models/${slug}/diff?${new URLSearchParams({ from: to, to: from })}`} className="button">
        Swap
      </AppLink>
    </Form>
  );
}

interface PickerProps {
  readonly name: string;
  readonly label: string;
  readonly versions: readonly ModelVersion[];
  readonly chosen: string;
}

function Picker({ name, label, versions, chosen }: PickerProps) {
  const isListed = versions.some(({ id }) => id === chosen);
  return (
    <label className="flex max-w-full min-w-0 flex-col gap-1">
      <span className="text-[0.8125rem] text-muted">{label}</span>
      <select name={name} defaultValue={chosen} className="control mono max-w-full">
        {isListed ? null : <option value={chosen}>an older version</option>}
        {versions.map(({ id, label: called, root, at }) => (
          <option key={id} value={id}>
            {called === null ? '' : `${elideMiddle(showText(called), 24)}  `}
            {root.slice(0, 12)}, {formatUtcDate(at)}
          </option>
        ))}
      </select>
    </label>
  );
}
