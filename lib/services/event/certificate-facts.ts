import { type CertificateFacts, readCertificate } from '#lib/watch/certificate.ts';

/** What a certificate says, as it is stored with an event; null where it cannot be read. */
export function readFacts(certificate: Uint8Array): CertificateFacts | null {
  try {
    return readCertificate(certificate);
  } catch {
    return null;
  }
}
