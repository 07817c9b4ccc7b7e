import { EVENT_CERTIFICATE } from '#lib/provenance/certificate-words.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { EventDetail, StoredCertificate } from '#lib/services/event/get.ts';
import { eventsUrl } from '../_server/events-url.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { StateGlyph, StateMark } from '../_ui/state-mark.tsx';
import { Digest, Value } from '../_ui/value.tsx';

/** Who signed: everything that the certificate says, and what is odd about it. */
export function WhoBlock({ detail }: { detail: EventDetail }) {
  const { event, certificate } = detail;
  const facts: Fact[] = [];
  if (certificate) {
    facts.push(...nameFacts(certificate), ...issuerFacts(certificate));
  } else if (event.san !== null) {
    facts.push(['Identity', <Value key="san" value={event.san} copy="identity" limit={160} />]);
    if (event.issuer !== null)
      facts.push(['Issuer', <Value key="issuer" value={event.issuer} copy="issuer" limit={120} />]);
  }
  if (event.publicKeySha256 !== null)
    facts.push(['Public key', <Digest key="key" algorithm="sha256" value={event.publicKeySha256} />]);
  if (event.certificateSha256 !== null)
    facts.push(['Certificate', <Digest key="cert" algorithm="sha256" value={event.certificateSha256} />]);
  if (detail.certificateLog) facts.push(['Certificate log', <InLog key="log" found={detail.certificateLog} />]);
  if (certificate) {
    facts.push(['Issued by', <Value key="ca" value={certificate.issuerName} limit={120} />]);
    if (certificate.subjectName !== '')
      facts.push(['Subject', <Value key="subject" value={certificate.subjectName} limit={120} />]);
    facts.push(['Serial number', <Value key="serial" value={certificate.serial} limit={48} />]);
  }
  return (
    <Panel title="Who" id="who" aside={<SameSigner detail={detail} />}>
      {facts.length === 0 ? (
        <p className="text-muted">The entry names nobody that could be read.</p>
      ) : (
        <Facts facts={facts} />
      )}
      {certificate ? <Anomalies certificate={certificate} /> : null}
      {certificate && certificate.extensions.length > 0 ? <Extensions certificate={certificate} /> : null}
    </Panel>
  );
}

function InLog({ found }: { found: NonNullable<EventDetail['certificateLog']> }) {
  return (
    <span className="flex flex-col">
      <StateMark state={EVENT_CERTIFICATE[found.state]} />
      <span className="text-muted wrap-anywhere">{showText(found.reason)}</span>
      {found.certificateId === null ? null : (
        <AppLink href={`/certificates/${found.certificateId}`}>The certificate there</AppLink>
      )}
    </span>
  );
}

function SameSigner({ detail: { event } }: { detail: EventDetail }) {
  if (event.san === null) return null;
  return <AppLink href={eventsUrl({ identity: event.san, issuer: event.issuer })}>All events of this signer</AppLink>;
}

function nameFacts({ sans }: StoredCertificate): Fact[] {
  return sans.map((san, i) => [
    i === 0 ? `Identity (${san.type})` : `Identity ${i + 1} (${san.type})`,
    <span key={san.raw} className="flex flex-col">
      <Value value={san.value} copy="identity" limit={160} />
      {san.anomalies.map((anomaly) => (
        <span key={anomaly} className="text-claimed">
          {anomaly}
        </span>
      ))}
    </span>,
  ]);
}

function issuerFacts({ issuer }: StoredCertificate): Fact[] {
  if (issuer.value === null)
    return [
      [
        'Issuer',
        <span key="none" className="text-muted">
          none named
        </span>,
      ],
    ];
  if (!issuer.conflict) return [['Issuer', <Value key="issuer" value={issuer.value} copy="issuer" limit={120} />]];
  const facts: Fact[] = [];
  if (issuer.utf8 !== undefined)
    facts.push(['Issuer (extension 8)', <Value key="utf8" value={issuer.utf8} limit={120} />]);
  if (issuer.raw !== undefined)
    facts.push(['Issuer (extension 1)', <Value key="raw" value={issuer.raw} limit={120} />]);
  return facts;
}

function Anomalies({ certificate }: { certificate: StoredCertificate }) {
  if (certificate.anomalies.length === 0) return null;
  return (
    <div className="mt-4">
      <h3 className="font-medium">What is odd about the certificate</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {certificate.anomalies.map((anomaly) => (
          <li key={anomaly} className="flex gap-2">
            <span className="mt-0.5">
              <StateGlyph tone="claimed" />
            </span>
            {anomaly}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Extensions({ certificate }: { certificate: StoredCertificate }) {
  return (
    <details className="mt-4" open={certificate.extensions.length <= 8}>
      <summary className="min-h-6 font-medium">
        What the identity token said ({certificate.extensions.length} extensions)
      </summary>
      <div className="mt-2">
        <Facts
          facts={certificate.extensions.map(({ oid, name, value }) => [
            labelOf(name) ?? oid,
            <span key={oid} title={oid}>
              <Value value={value} limit={120} />
            </span>,
          ])}
        />
      </div>
    </details>
  );
}

/** `source-repository-uri` as `Source repository URI`. */
function labelOf(name: string | null): string | null {
  if (name === null) return null;
  const words = name
    .replaceAll('-', ' ')
    .replace(/\buri\b/, 'URI')
    .replace(/\bgithub\b/, 'GitHub')
    .replace(/\bsha\b/, 'SHA');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
