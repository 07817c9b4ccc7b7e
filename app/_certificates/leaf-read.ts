import type { CertificateSummary } from '#lib/services/certificate/list.ts';

/**
 * Whether the certificate log's own words about an entry, its kind and time, could be read. Of a leaf that could not be
 * read, the time is that at which we first saw it.
 */
export function isLeafRead({
  undecided,
  issuedAt,
  firstSeenAt,
}: Pick<CertificateSummary, 'undecided' | 'issuedAt' | 'firstSeenAt'>): boolean {
  return undecided === null || issuedAt !== firstSeenAt;
}
