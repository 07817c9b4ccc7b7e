import { X509Certificate } from 'node:crypto';
import { X509Certificate as SigstoreCertificate } from '@sigstore/core';
import { hasIssued, isCertificateValidAt } from './chain.ts';
import { unknownCritical } from './critical-extensions.ts';
import { CODE_SIGNING } from './leaf-certificate.ts';
import type { TrustedAuthority } from './operator-trust.ts';

const ANY_PURPOSE = '2.5.29.37.0';
const MAX_PATH = 10;

/** A path of good signatures from a certificate to one that the operator named. */
export interface OperatorChain {
  readonly authority: TrustedAuthority;
  /** The certificate itself first, the operator's own last; the same one where the operator named the signer's. */
  readonly path: readonly X509Certificate[];
}

/** What a bundle brings along as intermediates; null where one of them is not DER to the last byte. */
export function readIntermediates(ders: readonly Buffer[]): X509Certificate[] | null {
  try {
    const certificates = ders.map((der) => new X509Certificate(der));
    return certificates.every(({ raw }, i) => ders[i]?.equals(raw)) ? certificates : null;
  } catch {
    return null;
  }
}

/**
 * Finds the shortest path to an authority of the operator (RFC 5280, section 6): signatures, key usage, path lengths,
 * purposes, and validity of every certificate at every one of the times given. What the bundle brings along can stand
 * between, but trust begins only at what the operator named.
 *
 * @param times in milliseconds since the epoch; with none, validity is not asked for.
 */
export function findOperatorChain(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  authorities: readonly TrustedAuthority[],
  times: readonly number[],
): OperatorChain | null {
  for (const authority of authorities) {
    const path = climb(leaf, intermediates, authority, times);
    if (path) return { authority, path };
  }
  return null;
}

/** Breadth first, so that every certificate is reached, and judged, with the fewest certificates below it. */
function climb(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  { certificates }: TrustedAuthority,
  times: readonly number[],
): readonly X509Certificate[] | null {
  const isValid = (certificate: X509Certificate) => times.every((at) => isCertificateValidAt(certificate, at));
  if (!isValid(leaf)) return null;
  const candidates = [...certificates, ...intermediates].filter(isValid);
  const seen = new Set<string>();
  const paths: (readonly X509Certificate[])[] = [[leaf]];
  for (let path = paths.shift(); path; path = paths.shift()) {
    const last = path.at(-1);
    if (!last || path.length > MAX_PATH) continue;
    if (certificates.some(({ raw }) => raw.equals(last.raw))) return path;
    for (const issuer of candidates) {
      if (seen.has(issuer.fingerprint256) || !hasIssued(issuer, last) || !mayIssue(issuer, path.length - 1)) continue;
      seen.add(issuer.fingerprint256);
      paths.push([...path, issuer]);
    }
  }
  return null;
}

/** @param below how many other certificates of authorities stand between it and the signer's. */
function mayIssue(issuer: X509Certificate, below: number): boolean {
  const purposes = issuer.keyUsage;
  if (purposes && !purposes.includes(CODE_SIGNING) && !purposes.includes(ANY_PURPOSE)) return false;
  try {
    const certificate = SigstoreCertificate.parse(Buffer.from(issuer.raw));
    const length = certificate.extBasicConstraints?.pathLenConstraint;
    return (length === undefined || BigInt(below) <= length) && unknownCritical(certificate) === null;
  } catch {
    return false;
  }
}
