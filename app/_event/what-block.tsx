import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import type { EventDetail, LinkedBundle } from '#lib/services/event/get.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { Time } from '../_ui/time.tsx';
import { Digest, Value } from '../_ui/value.tsx';

/** What was signed: the digest that the log holds, and what the bundles joined with it show. */
export function WhatBlock({ detail: { event, bundles, expected } }: { detail: EventDetail }) {
  const facts: Fact[] = [];
  if (event.digest !== null) {
    const label = event.kind?.startsWith('dsse') ? 'Digest of the payload' : 'Signed digest';
    facts.push([label, <Digest key="digest" value={event.digest} algorithm={event.digestAlgorithm ?? ''} />]);
  }
  if (event.signatureSha256 !== null)
    facts.push(['Signature', <Digest key="sig" algorithm="sha256" value={event.signatureSha256} />]);
  if (expected) facts.push(['Declared', <Declared key="declared" expected={expected} />]);
  return (
    <Panel title="What" id="what">
      {facts.length === 0 ? (
        <p className="text-muted">The entry gives no digest that could be read.</p>
      ) : (
        <Facts facts={facts} />
      )}
      {bundles.length === 0 ? (
        <p className="mt-4 text-muted">
          No bundle here belongs to this entry. The log holds a digest, never the content.
        </p>
      ) : (
        bundles.map((bundle) => <BundleFacts key={bundle.id} bundle={bundle} eventId={event.id} />)
      )}
    </Panel>
  );
}

/** Who said beforehand that this would be signed: their word, which proves nothing of what was signed. */
function Declared({ expected }: { expected: NonNullable<EventDetail['expected']> }) {
  if (expected.source === 'canary') return <span>by the self-test, which signs to see whether it is seen</span>;
  const way = { api: 'over the API', file: 'in a file' }[expected.source];
  return (
    <span>
      by <Value value={expected.declaredBy} limit={60} isText /> {way}, <Time at={expected.declaredAt} />
      {expected.note === null ? null : (
        <>
          , as <Value value={expected.note} limit={200} isText />
        </>
      )}
    </span>
  );
}

function BundleFacts({ bundle, eventId }: { bundle: LinkedBundle; eventId: string }) {
  const facts: Fact[] = [];
  if (bundle.version) {
    facts.push([
      'Model',
      <span key="model">
        <AppLink href={`/models/${bundle.version.slug}`}>
          <Value value={bundle.version.name} limit={60} />
        </AppLink>
        , {formatPlural(bundle.version.fileCount, 'file')}
      </span>,
    ]);
    facts.push(['Version (OMS root)', <Digest key="root" value={bundle.version.root} copy="root" />]);
  }
  facts.push(['Content', bundle.content === 'dsse' ? 'a signed statement (DSSE)' : 'a signature over a file’s digest']);
  if (bundle.predicateType !== null)
    facts.push(['Predicate type', <Value key="type" value={bundle.predicateType} copy="predicate type" limit={80} />]);
  if (bundle.subjects.length > 0) facts.push(['Subjects', <Subjects key="subjects" bundle={bundle} />]);
  facts.push([
    'Joined by',
    bundle.linkedBy === 'digest' ? 'digest, signature and certificate' : 'the leaf of its log entry',
  ]);
  facts.push(['Bundle', <Digest key="bundle" algorithm="sha256" value={bundle.sha256} />]);
  return (
    <div className="mt-4 border-t border-line pt-4">
      <Facts facts={facts} />
      <p className="mt-2">
        <a className="link" href={`/events/${eventId}/bundle?id=${bundle.id}`} download>
          Download the bundle
        </a>
      </p>
    </div>
  );
}

function Subjects({ bundle }: { bundle: LinkedBundle }) {
  return (
    <ul className="flex max-h-56 flex-col gap-1 overflow-y-auto">
      {bundle.subjects.map(({ name, algorithm, digest }) => (
        <li key={`${name} ${algorithm} ${digest}`} className="flex flex-col">
          <Value value={name} limit={72} />
          <Digest value={digest} algorithm={algorithm} />
        </li>
      ))}
      {bundle.subjects.length >= 50 ? (
        <li className="text-muted">The first {formatCount(50)}; the bundle has them all.</li>
      ) : null}
    </ul>
  );
}
