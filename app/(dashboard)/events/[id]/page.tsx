import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { contentSentence, type SignedThing, signerSentence } from '#lib/provenance/sentence.ts';
import { AUTHENTICITY, CLAIM } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type EventDetail, getEvent, type LinkedBundle } from '#lib/services/event/get.ts';
import { noticesOfEvents } from '#lib/services/incident/notices-by.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { ChecksTable } from '../../../_event/checks-table.tsx';
import { ProofPanel } from '../../../_event/proof-panel.tsx';
import { RawEntry } from '../../../_event/raw-entry.tsx';
import { VerifyPanel } from '../../../_event/verify-panel.tsx';
import { WhatBlock } from '../../../_event/what-block.tsx';
import { whatNow } from '../../../_event/what-now.ts';
import { WhenBlock } from '../../../_event/when-block.tsx';
import { WhereBlock } from '../../../_event/where-block.tsx';
import { WhoBlock } from '../../../_event/who-block.tsx';
import { InvestigateLink } from '../../../_incidents/investigate-link.tsx';
import { Notices } from '../../../_incidents/notices.tsx';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { PageHeader, Panel } from '../../../_ui/panel.tsx';
import { Sentence } from '../../../_ui/sentence.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';

interface Props {
  readonly params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Event ${(await params).id.slice(0, 40)}` };
}

export default databasePage<Props>(async (database, { params }) => {
  const { id } = await params;
  const detail = id.length > 100 ? null : await getEvent(database, { id });
  if (!detail) notFound();
  const { trust } = await getConfiguration(database);
  const { event, bundles } = detail;
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/events">Events</AppLink> <span className="text-muted">/ {event.id}</span>
      </p>
      <PageHeader
        title="Signing event"
        marks={
          <span className="flex flex-wrap gap-x-4">
            <StateMark state={AUTHENTICITY[event.authenticity]} />
            <StateMark state={CLAIM[event.claim]} />
          </span>
        }
      />
      <div className="flex flex-col gap-8">
        <Notices notices={noticesOfEvents(database, [event.id]).get(event.id) ?? []} />
        <Statement detail={detail} />
        <div className="grid items-start gap-x-6 gap-y-8 xl:grid-cols-2">
          <div className="flex min-w-0 flex-col gap-8">
            <WhoBlock detail={detail} />
            <WhenBlock detail={detail} now={Date.now()} />
          </div>
          <div className="flex min-w-0 flex-col gap-8">
            <WhatBlock detail={detail} />
            <WhereBlock detail={detail} />
          </div>
        </div>
        <Panel title="Every check made" id="checks" flush>
          <ChecksTable checks={detail.checks} label="Checks made on the entry" />
        </Panel>
        {bundles
          .filter(({ checks }) => checks.length > 0 && event.seenBy === 'tail')
          .map((bundle) => (
            <Panel
              key={bundle.id}
              title="Checks made on the bundle"
              flush
              aside={<span className="mono">{bundle.id}</span>}
            >
              <ChecksTable checks={bundle.checks} label={`Checks made on the bundle ${bundle.id}`} />
            </Panel>
          ))}
        <ProofPanel detail={detail} />
        <VerifyPanel detail={detail} hasOwnTrustRoot={trust?.source === 'file'} />
        <RawEntry entry={event.entry} eventId={event.id} />
      </div>
    </>
  );
});

function Statement({ detail }: { detail: EventDetail }) {
  const { event, log, bundles } = detail;
  const next = whatNow(detail);
  return (
    <section aria-label="In words" className="max-w-[100ch] border-l-2 border-accent pl-4">
      <p className="text-base leading-7">
        <Sentence parts={signerSentence({ ...event, origin: log?.origin ?? null })} />
      </p>
      <p className="mt-1 text-base leading-7">
        <Sentence parts={contentSentence(event, bundles.filter(({ state }) => state === 'verified').map(thingOf))} />
      </p>
      <p className="mt-2 text-muted">
        <span className="font-medium text-ink">How we know: </span>
        {showText(event.authenticityReason)}
      </p>
      <p className="mt-2">{investigate(event)}</p>
      {next === null ? null : (
        <p className="mt-1 text-muted">
          <span className="font-medium text-ink">What now: </span>
          {next}
        </p>
      )}
    </section>
  );
}

/** The signer, or the entry where nobody is named. */
function investigate({ san, issuer, publicKeySha256, logIndex }: EventDetail['event']) {
  if (san !== null) {
    return (
      <InvestigateLink kind="identity" value={san} more={issuer ?? ''}>
        Investigate: what else did this identity sign?
      </InvestigateLink>
    );
  }
  if (publicKeySha256 === null || logIndex === null) return null;
  return (
    <InvestigateLink kind="key" value={publicKeySha256}>
      Investigate: what else did this key sign?
    </InvestigateLink>
  );
}

function thingOf(bundle: LinkedBundle): SignedThing {
  const isSignature = bundle.predicateType?.startsWith('https://model_signing/') === true;
  if (bundle.version && isSignature) return { kind: 'model', ...bundle.version };
  if (bundle.content === 'message') return { kind: 'message' };
  return {
    kind: 'statement',
    predicateType: bundle.predicateType,
    subject: bundle.version?.name ?? bundle.subjects[0]?.name ?? null,
  };
}
