import type { X509Certificate } from 'node:crypto';
import { createHash } from 'node:crypto';
import { ByteStream, EXTENSION_OID_SCT, X509SCTExtension } from '@sigstore/core';
import type { LeafCertificate } from './leaf-certificate.ts';
import type { CtLog } from './trusted-root.ts';
import { isValidAt } from './validity.ts';

/** One signed certificate timestamp of a certificate: a certificate log's word that it saw it then. */
export interface SctFact {
  /** Lowercase hex. */
  readonly logId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: 'verified' | 'unknown-log' | 'log-outside-validity' | 'bad-signature';
  /** The log's address; null where the trust root has no such log. */
  readonly log: string | null;
}

/**
 * Reads and verifies the embedded SCTs (RFC 6962, 3.2 and 3.3): each signs the certificate as it was before they were
 * put in, together with its issuer's key.
 *
 * @throws {Error} where the extension cannot be read.
 */
export function readScts(leaf: LeafCertificate, issuer: X509Certificate, ctLogs: readonly CtLog[]): SctFact[] {
  const certificate = leaf.sigstore.clone();
  const at = certificate.extensions.findIndex((extension) => extension.subs[0]?.toOID() === EXTENSION_OID_SCT);
  const [extension] = at < 0 ? [] : certificate.extensions.splice(at, 1);
  if (!extension) return [];
  const preCertificate = new ByteStream();
  const spki = issuer.publicKey.export({ type: 'spki', format: 'der' });
  preCertificate.appendView(createHash('sha256').update(spki).digest());
  const tbs = certificate.tbsCertificate.toDER();
  preCertificate.appendUint24(tbs.length);
  preCertificate.appendView(tbs);
  return new X509SCTExtension(extension).signedCertificateTimestamps.map((sct) => {
    const logId = sct.logID.toString('hex');
    const time = sct.datetime.getTime();
    const known = ctLogs.filter((log) => log.logId === logId);
    const valid = known.filter((log) => isValidAt(log, time));
    const signed = valid.find((log) => sct.verify(preCertificate.buffer, log.key));
    const fact = { logId, at: time, log: (signed ?? known[0])?.baseUrl ?? null };
    if (signed) return { ...fact, state: 'verified' };
    if (known.length === 0) return { ...fact, state: 'unknown-log' };
    return { ...fact, state: valid.length === 0 ? 'log-outside-validity' : 'bad-signature' };
  });
}
