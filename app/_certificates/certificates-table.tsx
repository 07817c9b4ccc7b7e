import { CERTIFICATE } from '#lib/provenance/certificate-words.ts';
import { formatCount, formatIso, formatUtc } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { CertificateSummary } from '#lib/services/certificate/list.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

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
            <th scope="col">Entry</th>
            <th scope="col">Certificate log</th>
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
  const { id, issuedAt, san, issuer, undecided, rules, state, reason, eventId, logIndex, origin } = certificate;
  return (
    <tr>
      <th scope="row" data-label="Issued">
        <AppLink href={`/certificates/${id}`} className="link whitespace-nowrap">
          <time dateTime={formatIso(issuedAt)}>{formatUtc(issuedAt)}</time>
        </AppLink>
      </th>
      <td data-label="For">
        <div className="min-w-0">
          {undecided === null ? (
            <SignerLink san={san} issuer={issuer} />
          ) : (
            <span className="text-muted">Nobody that can be read</span>
          )}
          <span className="block text-muted">
            {rules.map(({ rule, own }) => `${elideMiddle(showText(rule), 40)}${own ? ' (own)' : ''}`).join(', ')}
          </span>
        </div>
      </td>
      <td data-label="State">
        <span className="flex flex-col">
          <StateMark state={CERTIFICATE[state]} />
          {state === 'used' ? null : <span className="max-w-[44ch] text-muted">{reason}</span>}
        </span>
      </td>
      <td data-label="Entry">
        {eventId === null ? (
          <span className="text-muted">none found</span>
        ) : (
          <AppLink href={`/events/${eventId}`}>The event</AppLink>
        )}
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
