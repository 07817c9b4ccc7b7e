import { certificateState } from '#lib/provenance/certificate-words.ts';
import { formatCount, formatIso, formatUtc } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { CertificateSummary } from '#lib/services/certificate/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Signer, Value } from '../_ui/value.tsx';
import { isLeafRead } from './leaf-read.ts';

/** Origins in a reason can be long; the page of the certificate has all of it. */
const REASON_LIMIT = 180;

/** Certificates one a row: when, for whom, whether anything was signed with it, and where the log has it. */
export function CertificatesTable({ certificates }: { certificates: readonly CertificateSummary[] }) {
  return (
    <ScrollArea label="Issued certificates, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Issued</th>
            <th scope="col">For</th>
            <th scope="col">State</th>
            <th scope="col">Log, entry</th>
          </tr>
        </thead>
        <tbody>
          {certificates.map((certificate) => (
            <Row key={certificate.id} certificate={certificate} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ certificate }: { certificate: CertificateSummary }) {
  const { id, issuedAt, firstSeenAt, kind, undecided, logIndex, origin } = certificate;
  const isRead = isLeafRead(certificate);
  return (
    <tr>
      <th scope="row" data-label="Issued">
        <span className="flex flex-col">
          <AppLink href={`/certificates/${id}`} className="link w-fit whitespace-nowrap">
            <time dateTime={formatIso(isRead ? issuedAt : firstSeenAt)}>
              {formatUtc(isRead ? issuedAt : firstSeenAt)}
            </time>
          </AppLink>
          <span className="text-muted">{isRead ? KIND[kind] : 'first seen by us'}</span>
        </span>
      </th>
      <td data-label="For">
        <div className="min-w-0 md:min-w-80">
          {undecided === null || certificate.san !== null ? (
            <Signer san={certificate.san} issuer={certificate.issuer} />
          ) : (
            <span className="text-muted">Nobody that can be read</span>
          )}
          <Rules rules={certificate.rules} />
        </div>
      </td>
      <td data-label="State">
        <State certificate={certificate} />
      </td>
      <td data-label="Log, entry">
        <span className="flex flex-col">
          <span>{formatCount(logIndex)}</span>
          <Value value={origin} limit={26} isShort className="text-muted" />
        </span>
      </td>
    </tr>
  );
}

const KIND = { x509: 'certificate', precertificate: 'precertificate' } as const;

function Rules({ rules }: Pick<CertificateSummary, 'rules'>) {
  if (rules.length === 0) return null;
  return (
    <span className="block text-muted wrap-anywhere">
      <span className="sr-only">Watch rules: </span>
      {rules.map(({ rule, own }) => `${elideMiddle(showText(rule), 40)}${own ? ' (own)' : ''}`).join(', ')}
    </span>
  );
}

/** The state, and the entry that shows it or the reason why there is none. */
function State({ certificate: { state, undecided, reason, eventId } }: { certificate: CertificateSummary }) {
  return (
    <span className="flex min-w-0 flex-col md:min-w-48">
      <StateMark state={certificateState(state, undecided)} />
      {eventId === null ? (
        <span className="max-w-[44ch] text-muted wrap-anywhere">{elideMiddle(showText(reason), REASON_LIMIT)}</span>
      ) : (
        <AppLink href={`/events/${eventId}`} className="link w-fit">
          The event
        </AppLink>
      )}
    </span>
  );
}
