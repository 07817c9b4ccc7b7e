import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { certificateState } from '#lib/provenance/certificate-words.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type CertificateDetail, getCertificate } from '#lib/services/certificate/get.ts';
import { isLeafRead } from '../../../_certificates/leaf-read.ts';
import { RuleMatches } from '../../../_event/rule-matches.tsx';
import { certificatesUrl } from '../../../_server/certificates-url.ts';
import { eventsUrl } from '../../../_server/events-url.ts';
import { databasePage } from '../../../_server/page.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { type Fact, Facts } from '../../../_ui/facts.tsx';
import { PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';
import { Time } from '../../../_ui/time.tsx';
import { Digest, Value } from '../../../_ui/value.tsx';

interface Props {
  readonly params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Certificate ${(await params).id.slice(0, 40)}` };
}

export default databasePage<Props>(async (database, { params }) => {
  const { id } = await params;
  const certificate = id.length > 100 ? null : await getCertificate(database, { id });
  if (!certificate) notFound();
  const state = certificateState(certificate.state, certificate.undecided);
  return (
    <>
      <p className="mb-1 text-[0.8125rem]">
        <AppLink href="/certificates">Certificates</AppLink> <span className="text-muted">/ {certificate.id}</span>
      </p>
      <PageHeader title="Issued certificate" marks={<StateMark state={state} />}>
        <span className="wrap-anywhere">{showText(certificate.reason)}</span>
      </PageHeader>
      <div className="grid items-start gap-x-6 gap-y-8 xl:grid-cols-2">
        <Panel title="What was issued" id="what" aside={<SameIdentity certificate={certificate} />}>
          <Facts facts={issuedFacts(certificate)} />
        </Panel>
        <Panel title="Where it stands" id="where">
          <Facts facts={placeFacts(certificate)} />
        </Panel>
      </div>
    </>
  );
});

function issuedFacts(certificate: CertificateDetail): Fact[] {
  const { serial, spkiSha256, tbsSha256, notBefore, notAfter, matches, kind } = certificate;
  const facts = identityFacts(certificate);
  if (isLeafRead(certificate))
    facts.push(['Kind', kind === 'x509' ? 'a certificate' : 'a precertificate: what is about to be issued']);
  if (serial !== null) facts.push(['Serial number', <Value key="serial" value={serial} limit={48} copy="serial" />]);
  if (notBefore !== null && notAfter !== null) {
    facts.push([
      'Valid',
      <span key="valid">
        <Time at={notBefore} /> to <Time at={notAfter} />
      </span>,
    ]);
  }
  if (spkiSha256 !== null) facts.push(['Public key', <Digest key="key" algorithm="sha256" value={spkiSha256} />]);
  if (tbsSha256 !== null) facts.push(['TBS without SCTs', <Digest key="tbs" algorithm="sha256" value={tbsSha256} />]);
  facts.push([
    'Watch rules',
    matches.length === 0 ? (
      <span key="rules" className="text-muted">
        none
      </span>
    ) : (
      <RuleMatches key="rules" matches={matches} />
    ),
  ]);
  return facts;
}

function identityFacts({ san, sanType, issuer, undecided }: CertificateDetail): Fact[] {
  if (san === null) {
    return [
      [
        'Identity',
        <span key="none" className="text-muted">
          {undecided === null ? 'none named' : 'nobody that can be read'}
        </span>,
      ],
    ];
  }
  const facts: Fact[] = [
    [
      sanType === null ? 'Identity' : `Identity (${sanType})`,
      <Value key="san" value={san} copy="identity" limit={160} />,
    ],
  ];
  if (issuer !== null) facts.push(['Issuer', <Value key="issuer" value={issuer} copy="issuer" limit={120} />]);
  return facts;
}

/** Lists, which may be empty: of an identity that never signed anything there is no page. */
function SameIdentity({ certificate: { san, issuer } }: { certificate: CertificateDetail }) {
  if (san === null) return null;
  return (
    <span>
      All <AppLink href={certificatesUrl({ identity: san, issuer })}>certificates</AppLink> and{' '}
      <AppLink href={eventsUrl({ identity: san, issuer })}>events</AppLink> of this identity
    </span>
  );
}

function placeFacts(certificate: CertificateDetail): Fact[] {
  const { id, origin, logId, logIndex, leafHash, treeSize, issuedAt, firstSeenAt, eventId } = certificate;
  const facts: Fact[] = [
    [
      'Certificate log',
      <AppLink key="log" href={`/logs/${logId}`}>
        <Value value={origin} limit={80} />
      </AppLink>,
    ],
    ['Entry', formatCount(logIndex)],
  ];
  if (isLeafRead(certificate)) facts.push(['Taken by the log', <Time key="issued" at={issuedAt} />]);
  facts.push(['First seen by us', <Time key="seen" at={firstSeenAt} />]);
  facts.push(['Leaf hash', <Digest key="leaf" algorithm="sha256" value={leafHash} copy="leaf hash" />]);
  if (treeSize !== null) {
    facts.push([
      'Proof',
      <span key="proof">
        in the tree of {formatCount(treeSize)} that the log signed, by {certificate.proofHashes} hashes ·{' '}
        <a className="link" href={`/certificates/${id}/proof`} download>
          Download
        </a>
      </span>,
    ]);
  }
  facts.push([
    'Signed with it',
    eventId === null ? (
      <span key="none" className="text-muted">
        {certificate.undecided === null ? 'nothing that was found' : 'cannot be told'}
      </span>
    ) : (
      <AppLink key="event" href={`/events/${eventId}`}>
        The event
      </AppLink>
    ),
  ]);
  if (certificate.lookUps > 0 && certificate.lookedUpAt !== null) {
    facts.push([
      'Index asked',
      <span key="index">
        {formatPlural(certificate.lookUps, 'time')}, last <Time at={certificate.lookedUpAt} />
      </span>,
    ]);
  }
  return facts;
}
