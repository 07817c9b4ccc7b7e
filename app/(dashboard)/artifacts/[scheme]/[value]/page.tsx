import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { createLoader, createSerializer, parseAsString, parseAsStringLiteral, type SearchParams } from 'nuqs/server';
import type { OpenDatabase } from '#db/client.ts';
import { chainSentence } from '#lib/provenance/chain-sentence.ts';
import { weakestReason } from '#lib/provenance/chain-way.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { LINK, NO_INPUTS, SIGNATURE } from '#lib/provenance/state.ts';
import { findArtifact } from '#lib/services/graph/find-artifact.ts';
import { type ArtifactDetails, getArtifact } from '#lib/services/graph/get-artifact.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { listVerdicts } from '#lib/services/graph/list-verdicts.ts';
import { allNoticesOf } from '#lib/services/incident/all-notices-of.ts';
import { AliasesTable } from '../../../../_artifacts/aliases-table.tsx';
import { Signatures } from '../../../../_artifacts/signatures.tsx';
import { StatementsAbout } from '../../../../_artifacts/statements-about.tsx';
import { UsesTable } from '../../../../_artifacts/uses-table.tsx';
import { ChainPanel } from '../../../../_chain/chain-panel.tsx';
import { nodeName } from '../../../../_chain/node-name.ts';
import { KIND_WORDS } from '../../../../_chain/words.ts';
import { InvestigateLink } from '../../../../_incidents/investigate-link.tsx';
import { Notices } from '../../../../_incidents/notices.tsx';
import type { RowKind } from '../../../../_incidents/scope-form.ts';
import { artifactUrl, versionUrl } from '../../../../_server/object-urls.ts';
import { formatOpened, parseOpened } from '../../../../_server/opened.ts';
import { databasePage } from '../../../../_server/page.tsx';
import { AppLink } from '../../../../_ui/app-link.tsx';
import { Nothing, PageHeader, Panel } from '../../../../_ui/panel.tsx';
import { Sentence } from '../../../../_ui/sentence.tsx';
import { StateMark } from '../../../../_ui/state-mark.tsx';
import { Value } from '../../../../_ui/value.tsx';

const CHAIN_LIMIT = 500;
const VERDICT_LIMIT = 200;
const HEX = /^[0-9a-fA-F]+$/;

const parsers = { open: parseAsString, links: parseAsStringLiteral(['all']) };
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

interface Props {
  readonly params: Promise<{ scheme: string; value: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: 'Artifact' };

export default databasePage<Props>(async (database, { params, searchParams }) => {
  const { scheme, value } = await readName(params);
  const query = loadQuery(await searchParams);
  const id = value.length > 2048 ? null : await findArtifact(database, { scheme, value });
  const details = id === null ? null : await getArtifact(database, id);
  if (!details) notFound();
  return <ArtifactPage database={database} details={details} query={query} />;
});

/** Names come percent-encoded; digests are compared in lower case. */
async function readName(params: Props['params']): Promise<{ scheme: string; value: string }> {
  const raw = await params;
  const [scheme, value] = [raw.scheme, raw.value].map(decode);
  const isDigest = scheme !== 'name' && scheme !== 'hf' && HEX.test(value ?? '');
  return { scheme: scheme ?? '', value: (isDigest ? value?.toLowerCase() : value) ?? '' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface PageProps {
  readonly database: OpenDatabase;
  readonly details: ArtifactDetails;
  readonly query: { readonly open: string | null; readonly links: 'all' | null };
}

async function ArtifactPage({ database, details, query }: PageProps) {
  const { node, versions } = details;
  const [chain, verdicts] = await Promise.all([
    getChain(database, { artifactId: node.id, direction: 'ancestors', limit: CHAIN_LIMIT }),
    listVerdicts(database, { artifactId: node.id, limit: VERDICT_LIMIT }),
  ]);
  const notices = allNoticesOf(database.db, [node.id, ...(chain?.nodes.map(({ id }) => id) ?? [])]);
  const isDataset = node.kind === 'dataset';
  const urlWith = (opened: ReadonlySet<number>) =>
    `${serialize(artifactUrl(node), { ...query, open: formatOpened(opened) })}#chain`;
  const allUrl = query.links === null ? `${serialize(artifactUrl(node), { ...query, links: 'all' })}#links` : null;
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        {isDataset ? <AppLink href="/datasets">Data sets</AppLink> : <AppLink href="/models">Models</AppLink>}
      </p>
      <PageHeader
        title={<Value value={nodeName(node)} limit={90} />}
        marks={<StateMark state={SIGNATURE[node.signature]} />}
      >
        Known here as {KIND_WORDS[node.kind] === 'code' ? 'code' : `a ${KIND_WORDS[node.kind]}`}, by{' '}
        <Value value={`${node.scheme}:${node.value}`} limit={48} />. Its name is a claim; its digests are not.{' '}
        <InvestigateLink {...suspectOf(node)} />
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Notices notices={notices.get(node.id) ?? []} />
        <section aria-label="In words" className="panel border-l-4 border-l-accent px-4 py-3 leading-6">
          <p className="max-w-[100ch] wrap-anywhere">{node.signatureReason}</p>
          <p className="max-w-[100ch] wrap-anywhere">
            <StateMark state={node.weakest === null ? NO_INPUTS : LINK[node.weakest]} className="mr-2" />
            <Sentence parts={chainSentence(node.weakest, verdicts, chain && weakestReason(chain))} />
          </p>
          {versions.map(({ id, slug, name, label }) => (
            <p key={id}>
              It is {label === null ? 'a version' : <Value value={`version ${label}`} limit={40} isText />} of{' '}
              <AppLink href={versionUrl(slug, id)}>
                <Value value={name} limit={60} />
              </AppLink>
              .
            </p>
          ))}
        </section>
        <Panel
          title={isDataset ? 'Models and things made with it' : 'What was made from it'}
          id="uses"
          flush
          aside={formatPlural(details.uses.length, 'use')}
        >
          {details.uses.length === 0 ? (
            <Nothing>Nothing known here states it as an input.</Nothing>
          ) : (
            <UsesTable uses={details.uses} neighbours={details.neighbours} useCount={details.useCount} />
          )}
        </Panel>
        <Panel title="Who signed it" id="signatures" flush>
          <Signatures node={node} signatures={details.signatures} />
        </Panel>
        <ChainPanel
          chain={chain}
          verdicts={verdicts}
          opened={parseOpened(query.open)}
          notices={notices}
          urlWith={urlWith}
          allUrl={allUrl}
        />
        <StatementsAbout attestations={details.attestations} declarations={details.declarations} />
        <Panel title="Names it is known by" id="aliases" flush aside={formatPlural(details.aliases.length, 'name')}>
          <AliasesTable aliases={details.aliases} />
        </Panel>
      </div>
    </>
  );
}

/** As what the scope of an incident would name it. */
function suspectOf({ kind, scheme, value }: ArtifactDetails['node']): { kind: RowKind; value: string } {
  if (kind === 'code') return scheme === 'git' ? { kind: 'commit', value } : { kind: 'repository', value };
  const alias = scheme === 'name' || scheme === 'hf' ? value : `${scheme}:${value}`;
  if (kind === 'dataset') return { kind: 'dataset', value: alias };
  return { kind: 'base-model', value: alias };
}
