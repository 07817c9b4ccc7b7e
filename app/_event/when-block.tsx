import type { EventDetail } from '#lib/services/event/get.ts';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { Time } from '../_ui/time.tsx';

/** When: every time with what proves it. */
export function WhenBlock({ detail: { event, certificate, checkpoint }, now }: { detail: EventDetail; now: number }) {
  const facts: Fact[] = [];
  facts.push([
    'Signed',
    event.signedAt === null ? (
      <span key="signed" className="text-muted">
        nothing proves a time
      </span>
    ) : (
      <Time key="signed" at={event.signedAt} source={event.signedAtSource} now={now} />
    ),
  ]);
  if (certificate && certificate.notBefore !== null && certificate.notAfter !== null) {
    facts.push([
      'Certificate valid',
      <span key="validity">
        <Time at={certificate.notBefore} /> to <Time at={certificate.notAfter} />
      </span>,
    ]);
  }
  if (checkpoint) {
    facts.push([
      'Checkpoint seen',
      <span key="checkpoint">
        <Time at={checkpoint.firstSeenAt} />
        <span className="text-muted"> · our clock</span>
      </span>,
    ]);
    if (checkpoint.verifiedAt !== null) {
      facts.push([
        'Checkpoint verified',
        <span key="verified">
          <Time at={checkpoint.verifiedAt} />
          <span className="text-muted"> · our clock</span>
        </span>,
      ]);
    }
  }
  facts.push([
    'First seen here',
    <span key="seen">
      <Time at={event.firstSeenAt} />
      <span className="text-muted"> · our clock</span>
    </span>,
  ]);
  return (
    <Panel title="When" id="when">
      <Facts facts={facts} />
    </Panel>
  );
}
