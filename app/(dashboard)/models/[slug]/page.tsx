import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { formatPlural } from '#lib/provenance/format.ts';
import { versionSentence } from '#lib/provenance/sentence.ts';
import { LOGGED } from '#lib/provenance/state.ts';
import { layOutTimeline } from '#lib/provenance/timeline.ts';
import { getModel, type ModelDetail } from '#lib/services/model/get.ts';
import { listUnclaimedOf } from '#lib/services/model/list-unclaimed.ts';
import { collectSignings, SIGNING_LIMIT, signersOf } from '../../../_models/signings.ts';
import { SigningsTable } from '../../../_models/signings-table.tsx';
import { TimelineChart } from '../../../_models/timeline-chart.tsx';
import { VersionList } from '../../../_models/version-list.tsx';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { PageHeader, Panel } from '../../../_ui/panel.tsx';
import { Sentence } from '../../../_ui/sentence.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { Value } from '../../../_ui/value.tsx';

const LANES = 12;

interface Props {
  readonly params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Model ${(await params).slug.slice(0, 60)}` };
}

export default databasePage<Props>(async (database, { params }) => {
  const slug = (await params).slug;
  const detail = slug.length > 200 ? null : await getModel(database, { slug });
  if (!detail) notFound();
  const signers = signersOf(detail);
  const since = Math.min(Date.now(), ...detail.versions.flatMap(({ signings }) => signings.map(({ at }) => at)));
  const unclaimed = await listUnclaimedOf(database, { signers: signers.slice(0, LANES), since });
  const signings = collectSignings(detail, unclaimed);
  const timeline = layOutTimeline(signings, Date.now());
  const state = detail.versions[0]?.signings[0]?.logged;
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/models">Models</AppLink>
      </p>
      <PageHeader
        title={<Value value={detail.model.name} limit={90} />}
        marks={state ? <StateMark state={LOGGED[state]} /> : null}
      />
      <div className="flex flex-col gap-8">
        <Statement detail={detail} />
        <Panel
          title="Timeline"
          id="timeline"
          aside={`${formatPlural(timeline.lanes.length, 'signer')}, ${formatPlural(detail.versions.length + detail.olderVersions, 'version')}`}
        >
          <TimelineChart
            timeline={{
              ...timeline,
              lanes: timeline.lanes.slice(0, LANES),
              changes: timeline.changes.filter(({ fromLane, toLane }) => Math.max(fromLane, toLane) < LANES),
            }}
          />
          {timeline.lanes.length > LANES ? (
            <p className="mt-2 text-muted">The first {LANES} signers are drawn; the table has them all.</p>
          ) : null}
        </Panel>
        <Panel
          title="The same as a table"
          flush
          aside={
            signings.length === SIGNING_LIMIT ? `The newest ${SIGNING_LIMIT}` : formatPlural(signings.length, 'signing')
          }
        >
          <SigningsTable signings={signings} />
        </Panel>
        <section aria-labelledby="versions">
          <h2 id="versions" className="mb-2 text-[0.9375rem] font-semibold">
            Versions and their files
          </h2>
          <VersionList versions={detail.versions} />
          {detail.olderVersions > 0 ? (
            <p className="mt-2 text-muted">{formatPlural(detail.olderVersions, 'older version')} not shown.</p>
          ) : null}
        </section>
      </div>
    </>
  );
});

function Statement({ detail }: { detail: ModelDetail }) {
  const [newest] = detail.versions;
  return (
    <section aria-label="In words" className="max-w-[100ch] border-l-2 border-accent pl-4">
      {newest ? (
        <p className="text-base leading-7">
          <Sentence
            parts={versionSentence({
              ...newest,
              ignoredCount: newest.ignorePaths.length,
              signing: newest.signings[0] ?? null,
            })}
          />
        </p>
      ) : null}
      <p className="mt-1 text-muted">
        The name is what the signed statements call it, and anybody can sign a statement with any name: what counts is
        who signed.
      </p>
    </section>
  );
}
