import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { type AttentionGroup, signerKey, who } from './attention-group.ts';
import { certificatesUrl } from './certificates-url.ts';
import type { Situation } from './overview.ts';

/** Certificates of own identities that no log has an entry of. */
export function unusedCertificates({ attention }: Situation): AttentionGroup {
  const { unused } = attention.certificates;
  return {
    key: 'unused-certificates',
    tone: 'broken',
    what: `${formatPlural(unused.length, 'own identity has', 'own identities have')} certificates that signed nothing published.`,
    how: 'A certificate log proves that they were issued, and no log that we read has an entry of them in time.',
    next: 'Ask who holds the identity. A job that failed between certificate and entry is harmless; if nobody knows of it, somebody else got a token.',
    items: unused.map((group) => ({
      key: signerKey(group),
      about: who(group),
      at: group.latestAt,
      link: {
        href: certificatesUrl({ state: 'unused', identity: group.san, issuer: group.issuer, own: true }),
        text: formatPlural(group.count, 'certificate'),
      },
    })),
  };
}

/** Entries whose certificate is in no certificate log that promised to hold it. */
export function missingCertificates({ attention }: Situation): AttentionGroup {
  const { missing } = attention.certificates;
  return {
    key: 'missing-certificates',
    tone: 'broken',
    what: `${formatPlural(missing.length, 'signer has', 'signers have')} certificates that their certificate log does not show.`,
    how: 'The log signed a promise to hold it, and signed later a tree that, by its own word, does not have it.',
    next: 'Keep the entry and the log’s tree head, and ask the operator of the log: it is late, or it hides a certificate.',
    items: missing.map((group) => ({
      key: signerKey(group),
      about: [...who(group), `: ${group.reason}`],
      at: group.latestAt,
      link: {
        href: `/events/${group.eventId}`,
        text: group.count === 1 ? 'The entry' : `The last of ${formatCount(group.count)} entries`,
      },
    })),
  };
}
