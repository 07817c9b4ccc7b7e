import { createLoader, createSerializer, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { CERTIFICATE_STATES } from '#lib/provenance/certificate-words.ts';

const parsers = {
  state: parseAsStringLiteral([...CERTIFICATE_STATES, 'undecided']),
  rule: parseAsString,
  identity: parseAsString,
  issuer: parseAsString,
  own: parseAsBoolean,
  /** Where the page begins: `<time>.<id>` of the certificate before it. */
  before: parseAsString,
};

export const loadCertificatesQuery = createLoader(parsers);

const serialize = createSerializer(parsers);

export type CertificatesQuery = Awaited<ReturnType<typeof loadCertificatesQuery>>;

/** The address of the list of certificates narrowed so. */
export function certificatesUrl(query: Partial<CertificatesQuery>): string {
  return serialize('/certificates', query);
}
