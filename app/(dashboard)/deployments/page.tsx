import { redirect } from 'next/navigation';
import { createLoader, createSerializer, parseAsString, parseAsStringLiteral, type SearchParams } from 'nuqs/server';
import { formatPlural } from '#lib/provenance/format.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { listDeployments } from '#lib/services/deployment/list.ts';
import { DeploymentsTable } from '../../_deployments/deployments-table.tsx';
import { withoutEmptyParts } from '../../_server/address.ts';
import { databasePage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { CodeBlock } from '../../_ui/code-block.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader } from '../../_ui/panel.tsx';
import { SearchField } from '../../_ui/search-field.tsx';

const PAGE_SIZE = 50;
const PLACE = /^([0-9]{1,16})\.(dep_[0-9a-f]{32})$/;
const COMMAND =
  'modeltrail deployed production chat --folder ./model --server https://modeltrail.models.example --token-file token';

const parsers = {
  q: parseAsString,
  state: parseAsStringLiteral(['running', 'ended', 'all']),
  before: parseAsString,
};
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export const metadata = { title: 'Deployments' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }, { role }) => {
  const params = await searchParams;
  const clean = withoutEmptyParts(params);
  if (clean !== null) redirect(`/deployments${clean}`);
  const query = loadQuery(params);
  const [, startedAt, id] = PLACE.exec(query.before ?? '') ?? [];
  const { deployments, next } = await listDeployments(database, {
    limit: PAGE_SIZE,
    ...(query.q === null ? {} : { search: query.q.slice(0, 512) }),
    ...(query.state === null ? {} : { state: query.state }),
    ...(startedAt === undefined || id === undefined ? {} : { olderThan: { startedAt: Number(startedAt), id } }),
  });
  const refused = deployments.filter(({ verdict, endedAt }) => endedAt === null && verdict.refusals.length > 0).length;
  const isNarrowed = query.q !== null || query.state !== null;
  const url = (before: string | null) => serialize('/deployments', { ...query, before });
  return (
    <>
      <PageHeader title="Deployments">
        What runs where, as pipelines register it, with what is known of it now.{' '}
        {refused === 0
          ? null
          : `${formatPlural(refused, 'deployment')} on this page should not run: stop it or replace it, and register what runs instead.`}
      </PageHeader>
      <SearchField
        action="/deployments"
        label="Part of an environment or service"
        value={query.q}
        isNarrowed={isNarrowed}
      >
        <label className="inline-flex min-h-8 items-center gap-2">
          State
          <select name="state" defaultValue={query.state ?? ''} className="control">
            <option value="">running</option>
            <option value="ended">ended</option>
            <option value="all">all</option>
          </select>
        </label>
      </SearchField>
      <div className="panel overflow-hidden">
        {deployments.length > 0 ? (
          <DeploymentsTable deployments={deployments} now={Date.now()} />
        ) : (
          <NoDeployments isNarrowed={isNarrowed} canMakeToken={mayActAs(role, 'admin')} />
        )}
      </div>
      <Pager
        newer={query.before === null ? null : url(null)}
        older={next === null ? null : url(`${next.startedAt}.${next.id}`)}
      />
    </>
  );
});

function NoDeployments({ isNarrowed, canMakeToken }: { isNarrowed: boolean; canMakeToken: boolean }) {
  return isNarrowed ? (
    <Empty title="No deployment matches">
      Environments and services are found by any part of them. <AppLink href="/deployments">Show all that run</AppLink>.
    </Empty>
  ) : (
    <Empty title="Nothing is registered as running yet">
      <p className="mb-3">
        Let the pipeline that puts a model into service say so: an incident then lists first what runs, and the pipeline
        stops where what it deploys is refused. It needs a token with the scope deploy.
      </p>
      <div className="text-left">
        <CodeBlock text={COMMAND} label="command" />
      </div>
      <p className="mt-3">
        {canMakeToken ? <AppLink href="/settings/tokens">Make a token</AppLink> : 'An admin makes the token.'}
      </p>
    </Empty>
  );
}
