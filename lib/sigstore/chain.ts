import type { X509Certificate } from 'node:crypto';
import type { Authority } from './trusted-root.ts';
import { isValidAt } from './validity.ts';

/** A path of good signatures from a certificate to the root of an authority; its times are not judged yet. */
export interface Chain {
  readonly authority: Authority;
  /** The certificate itself first, the authority's root last. */
  readonly path: readonly X509Certificate[];
}

/** Every chain that the authorities' own certificates give: those that a bundle brings along are not asked. */
export function findChains(certificate: X509Certificate, authorities: readonly Authority[]): Chain[] {
  return authorities.flatMap((authority) => {
    const path = climb(certificate, authority.chain);
    return path ? [{ authority, path }] : [];
  });
}

/** Whether the authority was trusted at that time and every certificate of the path was valid. */
export function isChainValidAt({ authority, path }: Chain, at: number): boolean {
  return isValidAt(authority, at) && path.every((certificate) => isCertificateValidAt(certificate, at));
}

export function isCertificateValidAt(certificate: X509Certificate, at: number): boolean {
  return certificate.validFromDate.getTime() <= at && at <= certificate.validToDate.getTime();
}

/** The issuer of a certificate signed it with its key, and is itself allowed to issue. */
function climb(certificate: X509Certificate, chain: readonly X509Certificate[]): X509Certificate[] | null {
  const root = chain.at(-1);
  const path = [certificate];
  for (const _ of chain) {
    const last = path.at(-1);
    if (!last || !root || last.raw.equals(root.raw)) break;
    const issuer = chain.find((candidate) => !path.includes(candidate) && hasIssued(candidate, last));
    if (!issuer) return null;
    path.push(issuer);
  }
  return root && path.length > 1 && path.at(-1)?.raw.equals(root.raw) ? path : null;
}

/** Whether the signature of the certificate is by this issuer, which is of an authority. */
export function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
