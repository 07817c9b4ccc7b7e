import { X509Certificate } from 'node:crypto';
import { X509Certificate as SigstoreCertificate } from '@sigstore/core';
import { type CertificateFacts, readCertificate } from '#lib/watch/certificate.ts';
import { unknownCritical } from './critical-extensions.ts';
import { utc } from './validity.ts';

export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const KEY_USAGE = '2.5.29.15';

/** A signing certificate, read three ways: by OpenSSL for signatures and chains, by @sigstore/core for its SCTs, by us. */
export interface LeafCertificate {
  readonly der: Buffer;
  readonly x509: X509Certificate;
  readonly sigstore: SigstoreCertificate;
  readonly facts: CertificateFacts;
}

/** Null where one of the readers cannot read it: what they disagree on must not be believed. */
export function readLeafCertificate(bytes: Uint8Array): LeafCertificate | null {
  const der = Buffer.from(bytes);
  try {
    const x509 = new X509Certificate(der);
    // PEM and trailing bytes would be read too: only the very bytes given are the certificate.
    if (!x509.raw.equals(der)) return null;
    return { der, x509, sigstore: SigstoreCertificate.parse(der), facts: readCertificate(der) };
  } catch {
    return null;
  }
}

/** What Fulcio's certificates are (certificate specification of Fulcio): null, or what this one lacks. */
export function whyNotForSigning({ x509, sigstore }: LeafCertificate): string | null {
  // OpenSSL says that a certificate is of an authority only where its key usage allows it too.
  if (x509.ca || claimsAuthority(sigstore)) {
    return 'it is the certificate of an authority, which signs certificates and nothing else';
  }
  if (!x509.keyUsage?.includes(CODE_SIGNING)) return 'its extended key usage does not have code signing';
  return hasDigitalSignature(sigstore) ? null : 'its key usage does not have digital signature';
}

/**
 * What a certificate of an organisation's own authority must be to sign a model (OMS specification, section 4.3, as its
 * conformance suite has it): null, or what this one lacks. That it says CA:TRUE is no matter where its key usage keeps it
 * from issuing.
 */
export function whyNotForModelSigning({ x509, sigstore }: LeafCertificate): string | null {
  if (x509.ca) return 'it is the certificate of an authority, which signs certificates and nothing else';
  if (!x509.keyUsage?.includes(CODE_SIGNING)) return 'its extended key usage does not have code signing';
  if (sigstore.extension(KEY_USAGE) && !hasDigitalSignature(sigstore)) {
    return 'its key usage does not have digital signature';
  }
  const critical = unknownCritical(sigstore);
  return critical === null ? null : `it has the critical extension ${critical}, which is not understood here`;
}

function claimsAuthority(certificate: SigstoreCertificate): boolean {
  try {
    return certificate.extBasicConstraints?.isCA === true;
  } catch {
    return true;
  }
}

function hasDigitalSignature(certificate: SigstoreCertificate): boolean {
  try {
    return certificate.extKeyUsage?.digitalSignature === true;
  } catch {
    return false;
  }
}

/** The certificate in a few words, for checks. */
export function certificateEvidence({ facts, x509 }: LeafCertificate) {
  return {
    'certificate issued by': facts.issuerName,
    serial: facts.serial,
    valid: `${utc(x509.validFromDate.getTime())} to ${utc(x509.validToDate.getTime())}`,
  };
}
