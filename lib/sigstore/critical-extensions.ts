import type { X509Certificate as SigstoreCertificate } from '@sigstore/core';

/** Basic constraints, key usage, extended key usage, alternative names, policies: read here, or without force for us. */
const UNDERSTOOD = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.17', '2.5.29.32']);

/**
 * The OID of a critical extension that is not understood here (name constraints, for one), or null. Whoever does not
 * understand one must not believe the certificate (RFC 5280, 4.2).
 */
export function unknownCritical(certificate: SigstoreCertificate): string | null {
  for (const { subs } of certificate.extensions) {
    const [oid, critical] = subs;
    if (subs.length === 3 && critical?.toBoolean() && oid && !UNDERSTOOD.has(oid.toOID())) return oid.toOID();
  }
  return null;
}
