import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import {
  createLoader,
  createSerializer,
  type inferParserType,
  parseAsString,
  parseAsStringLiteral,
  type SearchParams,
} from 'nuqs/server';
import type { OpenDatabase } from '#db/client.ts';
import { weakestReason } from '#lib/provenance/chain-way.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { ML_LEVEL } from '#lib/provenance/ml-level/level-words.ts';
import { MODEL } from '#lib/provenance/model-state.ts';
import { countFindingsOfModel, listFindingsOfModel } from '#lib/services/finding/list-of-model.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { listVerdicts } from '#lib/services/graph/list-verdicts.ts';
import { allNoticesOf } from '#lib/services/incident/all-notices-of.ts';
import { noticesOfVersions } from '#lib/services/incident/notices-by.ts';
import { judgeVersion } from '#lib/services/level/judge-version.ts';
import { getModel, type ModelDetail } from '#lib/services/model/get.ts';
import { getVersion, type VersionDetail } from '#lib/services/model/get-version.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { ChainPanel } from '../../../_chain/chain-panel.tsx';
import { DeploymentsPanel } from '../../../_deployments/deployments-panel.tsx';
import { InvestigateLink } from '../../../_incidents/investigate-link.tsx';
import { Notices } from '../../../_incidents/notices.tsx';
import { Answers } from '../../../_models/answers.tsx';
import { DeclarationsPanel } from '../../../_models/declarations-panel.tsx';
import { FieldsTable } from '../../../_models/fields-table.tsx';
import { FindingsPanel } from '../../../_models/findings-panel.tsx';
import { LevelPanel } from '../../../_models/level-panel.tsx';
import { TimelinePanel } from '../../../_models/timeline-panel.tsx';
import { TrainingLogPanel } from '../../../_models/training-log-panel.tsx';
import { VerifyModel } from '../../../_models/verify-model.tsx';
import { VersionFiles } from '../../../_models/version-files.tsx';
import { stateOfVersion, VersionsTable } from '../../../_models/versions-table.tsx';
import { formatOpened, parseOpened } from '../../../_server/opened.ts';
import { databasePage } from '../../../_server/page.tsx';
import { SharingPanel } from '../../../_sharing/sharing-panel.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { Value } from '../../../_ui/value.tsx';

const CHAIN_LIMIT = 500;
const VERDICT_LIMIT = 200;
const FINDING_LIMIT = 200;

const all = parseAsStringLiteral(['all']);

/** Long lists are shown in part until the address says `all`. */
const parsers = {
  version: parseAsString,
  open: parseAsString,
  findings: all,
  signings: all,
  links: all,
  files: all,
  versions: all,
};
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

interface Props {
  readonly params: Promise<{ slug: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Model ${(await params).slug.slice(0, 60)}` };
}

export default databasePage<Props>(async (database, { params, searchParams }) => {
  const slug = (await params).slug;
  const query = loadQuery(await searchParams);
  const detail = slug.length > 200 ? null : await getModel(database, { slug });
  if (!detail) notFound();
  const versionId = query.version ?? detail.model.newestVersionId ?? detail.versions[0]?.id;
  const version = versionId === undefined || versionId.length > 100 ? null : await getVersion(database, { versionId });
  if (!version || version.model.slug !== slug) notFound();
  return <ModelPage database={database} detail={detail} version={version} query={query} />;
});

interface PageProps {
  readonly database: OpenDatabase;
  readonly detail: ModelDetail;
  readonly version: VersionDetail;
  readonly query: inferParserType<typeof parsers>;
}

async function ModelPage({ database, detail, version, query }: PageProps) {
  const { model, versions } = detail;
  const chosen = version.version.id;
  const artifactId = version.artifact?.id ?? null;
  const [chain, verdicts, findings, findingCounts, { trust }] = await Promise.all([
    artifactId === null ? null : getChain(database, { artifactId, direction: 'ancestors', limit: CHAIN_LIMIT }),
    artifactId === null ? [] : listVerdicts(database, { artifactId, limit: VERDICT_LIMIT }),
    listFindingsOfModel(database, { modelId: model.id, limit: FINDING_LIMIT }),
    countFindingsOfModel(database, { modelId: model.id }),
    getConfiguration(database),
  ]);
  const notices = allNoticesOf(database.db, [
    ...(artifactId === null ? [] : [artifactId]),
    ...(chain?.nodes.map(({ id }) => id) ?? []),
  ]);
  const versionNotices = noticesOfVersions(
    database,
    versions.map(({ id }) => id),
  );
  const place = versions.findIndex(({ id }) => id === chosen);
  const state = stateOfVersion({ signings: version.signings, signature: version.artifact?.signature ?? null });
  const events = new Map(
    [...version.signings, ...version.attestations].flatMap(({ bundleId, eventId }) =>
      eventId === null ? [] : [[bundleId, `/events/${eventId}`] as const],
    ),
  );
  const here = { ...query, version: chosen };
  const urlOf = (changed: Partial<typeof query>) => serialize(`/models/${model.slug}`, { ...here, ...changed });
  const allOf = (list: 'findings' | 'signings' | 'links' | 'files' | 'versions') =>
    query[list] === null ? urlOf({ [list]: 'all' }) : null;
  const anchored = (list: 'findings' | 'links' | 'files' | 'versions') => {
    const url = allOf(list);
    return url && `${url}#${list}`;
  };
  const level = judgeVersion(database, version);
  const marks = (
    <>
      <StateMark state={MODEL[state]} />
      <StateMark state={ML_LEVEL[level.level]} />
    </>
  );
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/models">Models</AppLink>
      </p>
      <PageHeader title={<Value value={model.name} limit={90} />} marks={marks}>
        <Which version={version} place={place} count={versions.length + detail.olderVersions} slug={model.slug} />
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Notices notices={notices.get(artifactId ?? 0) ?? []} />
        <Answers
          detail={version}
          state={state}
          verdicts={verdicts}
          why={chain && weakestReason(chain)}
          before={versions[place + 1] ?? null}
        />
        <FindingsPanel
          slug={model.slug}
          findings={findings}
          counts={findingCounts}
          versionId={chosen}
          allUrl={anchored('findings')}
        />
        <DeploymentsPanel database={database} modelId={model.id} />
        <TimelinePanel database={database} detail={detail} allUrl={allOf('signings')} />
        <ChainPanel
          chain={chain}
          verdicts={verdicts}
          notices={notices}
          opened={parseOpened(query.open)}
          urlWith={(opened) => `${urlOf({ open: formatOpened(opened) })}#chain`}
          allUrl={anchored('links')}
        />
        <Panel
          title="Provenance in nine fields"
          id="fields"
          flush
          note="Our view of every verified statement about this version, of the certificates and of the log. Signer and time never come from a payload."
        >
          <FieldsTable fields={version.fields} events={events} />
        </Panel>
        <LevelPanel level={level} slug={model.slug} versionId={chosen} events={events} />
        <TrainingLogPanel database={database} detail={version} />
        <DeclarationsPanel declarations={version.declarations} />
        <VersionFiles detail={version} allUrl={anchored('files')} />
        <SharingPanel database={database} model={model} version={version.version} />
        <VerifyModel detail={version} hasOwnTrustRoot={trust?.source === 'file'} />
        <Panel
          title="Versions"
          id="versions"
          flush
          aside={formatPlural(versions.length + detail.olderVersions, 'version')}
        >
          <VersionsTable
            slug={model.slug}
            versions={versions}
            older={detail.olderVersions}
            chosen={chosen}
            notices={versionNotices}
            allUrl={anchored('versions')}
          />
        </Panel>
      </div>
    </>
  );
}

interface WhichProps {
  readonly version: VersionDetail;
  readonly place: number;
  readonly count: number;
  readonly slug: string;
}

/** Which of the versions the page is about, and that its name is a claim. */
function Which({ version: { version }, place, count, slug }: WhichProps) {
  return (
    <>
      {version.label === null ? 'Version ' : <Value value={`Version ${version.label} `} limit={60} isText />}
      <Value value={version.root} limit={16} isShort />
      {place === 0 ? ', the newest of ' : ', one of '}
      <AppLink href="#versions">{formatPlural(count, 'version')}</AppLink>
      {place === 0 ? null : (
        <>
          {' '}
          (<AppLink href={`/models/${slug}`}>show the newest</AppLink>)
        </>
      )}
      . The name is what signed statements call it, and anybody can sign a statement with any name: what counts is who
      signed. <InvestigateLink kind="base-model" value={`sha256:${version.root}`} />
    </>
  );
}
