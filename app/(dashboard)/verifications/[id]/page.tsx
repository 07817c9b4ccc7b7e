import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { createLoader, createSerializer, parseAsInteger, parseAsStringLiteral, type SearchParams } from 'nuqs/server';
import type { OpenDatabase } from '#db/client.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { FILE_STATES, type FileState, type VerificationAnswer } from '#lib/provenance/verification.ts';
import { OUTCOME } from '#lib/provenance/verification-words.ts';
import { getVerification, type VerificationDetail } from '#lib/services/verification/get.ts';
import { listVerificationFiles } from '#lib/services/verification/list-files.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { ListFacts, VersionFacts } from '../../../_verify/answer-facts.tsx';
import { AnswerFiles, FILES_PER_PAGE } from '../../../_verify/answer-files.tsx';
import { AnswerFindings } from '../../../_verify/answer-findings.tsx';
import { AnswerHeadline } from '../../../_verify/answer-headline.tsx';
import { AnswerSignings } from '../../../_verify/answer-signings.tsx';
import { CopyAddress } from '../../../_verify/copy-address.tsx';
import { OtherVersions } from '../../../_verify/other-versions.tsx';
import { RunsPanel } from '../../../_verify/runs-panel.tsx';

const parsers = {
  /** Which answer is shown; the newest where not said. */
  show: parseAsStringLiteral(['first']),
  files: parseAsStringLiteral(FILE_STATES),
  before: parseAsInteger,
};
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export const metadata: Metadata = { title: 'Receipt', robots: { index: false } };

export default databasePage<Props>(async (database, { params, searchParams }) => {
  const id = (await params).id;
  const query = loadQuery(await searchParams);
  const receipt = id.length > 100 ? null : await getVerification(database, { id });
  if (!receipt) notFound();
  const isFirst = query.show === 'first' && receipt.first.id !== receipt.latest.id;
  const shown = isFirst ? receipt.first : receipt.latest;
  const other = receipt.first.id === receipt.latest.id ? null : isFirst ? receipt.latest : receipt.first;
  const { answer } = shown;
  const before = Math.min(Math.max(0, query.before ?? 0), answer.files.length);
  const urlOf = (changed: { show?: 'first' | null; files?: FileState | null; before?: number | null }) =>
    serialize(`/verifications/${id}`, { show: isFirst ? 'first' : null, files: query.files, before: null, ...changed });
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/verify">Verify</AppLink>
      </p>
      <PageHeader title="Receipt of a verification" marks={<StateMark state={OUTCOME[answer.outcome]} />}>
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <span>{formatPlural(answer.list.files, 'file')} held against every version known here.</span>
          <CopyAddress path={`/verifications/${id}`} />
          <a href={`/verifications/${id}/json`} className="link print:hidden">
            JSON
          </a>
        </span>
      </PageHeader>
      <div className="flex flex-col gap-8">
        <AnswerHeadline answer={answer} other={other} />
        <About answer={answer} />
        {answer.files.length === 0 ? null : (
          <Files
            database={database}
            id={id}
            run={shown.id}
            answer={answer}
            state={query.files}
            before={before}
            urlOf={({ state, before }) => `${urlOf({ files: state, before: before === 0 ? null : before })}#files`}
          />
        )}
        {answer.others.length === 0 ? null : (
          <Panel title="Other versions" id="others" flush aside={formatCount(answer.others.length)}>
            <OtherVersions others={answer.others} version={answer.version} />
          </Panel>
        )}
        <Panel title="What was handed in" id="list">
          <ListFacts
            list={answer.list}
            listSha256={receipt.listSha256}
            sentAt={receipt.createdAt}
            source={sourceOf(receipt)}
            place={receipt.place}
          />
        </Panel>
        <RunsPanel
          receipt={receipt}
          shown={shown.id}
          firstUrl={urlOf({ show: 'first' })}
          latestUrl={urlOf({ show: null })}
        />
      </div>
    </>
  );
});

/** The version that the files are or come closest to, who signed it, and what is open about it. */
function About({ answer }: { answer: VerificationAnswer }) {
  const { version, signings, findings } = answer;
  if (!version) return null;
  const isIt = answer.outcome !== 'differs' && answer.outcome !== 'not-comparable';
  return (
    <>
      <Panel title={isIt ? 'What it is' : 'The closest known version'} id="version">
        <VersionFacts answer={answer} version={version} />
      </Panel>
      {signings.length === 0 ? null : (
        <Panel
          title={isIt ? 'Who signed it' : 'Who signed the closest version'}
          id="signings"
          flush
          {...(isIt ? {} : { note: 'These signatures are about the version, not about the files that were given.' })}
        >
          <AnswerSignings signings={signings} />
        </Panel>
      )}
      {findings.length === 0 ? null : (
        <Panel title="Open findings" id="findings" flush aside={formatPlural(findings.length, 'finding')}>
          <AnswerFindings findings={findings} version={version} />
        </Panel>
      )}
    </>
  );
}

interface FilesProps {
  readonly database: OpenDatabase;
  readonly id: string;
  readonly run: number;
  readonly answer: VerificationAnswer;
  readonly state: FileState | null;
  readonly before: number;
  readonly urlOf: (page: { state: FileState | null; before: number }) => string;
}

/** Those that match are the last of an answer: without a state, the page ends where they begin. */
async function Files({ database, id, run, answer, state, before, urlOf }: FilesProps) {
  const matching = answer.counts.matches;
  const limit = state === null ? Math.min(FILES_PER_PAGE, answer.files.length - matching - before) : FILES_PER_PAGE;
  const page =
    limit <= 0
      ? null
      : await listVerificationFiles(database, { id, run, after: before, limit, ...(state ? { state } : {}) });
  return (
    <AnswerFiles
      counts={answer.counts}
      files={page?.files ?? []}
      state={state}
      before={before}
      isCompared={answer.version !== null}
      urlOf={urlOf}
    />
  );
}

function sourceOf({ channel, source }: VerificationDetail): string {
  return channel === 'api' ? `${source}, through the API` : channel === 'cli' ? 'command line' : 'browser';
}
