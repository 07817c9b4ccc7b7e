import { RFC3161Timestamp, X509Certificate as SigstoreCertificate } from '@sigstore/core';
import type { Check } from '#lib/provenance/check.ts';
import { formatName } from '#lib/watch/distinguished-name.ts';
import { isCertificateValidAt } from './chain.ts';
import { OTHER_TRUST_ROOT, passed, Refusal } from './refusal.ts';
import type { ProvenTime } from './signing-time.ts';
import type { Authority, TrustedRoot } from './trusted-root.ts';
import { describeValidity, isValidAt, utc } from './validity.ts';

/** PKIStatus `granted` and `grantedWithMods` (RFC 3161, 2.4.2). */
const GRANTED = new Set([0n, 1n]);

/**
 * Proves the time of an RFC 3161 timestamp over the signature.
 *
 * @param index which timestamp of the bundle it is, for messages.
 * @throws {Refusal}
 */
export function verifyTimestamp(
  der: Buffer,
  index: number,
  signature: Buffer,
  root: TrustedRoot,
  checks: Check[],
): ProvenTime {
  const timestamp = readTimestamp(der);
  if (!timestamp) {
    throw new Refusal(
      'timestamp-unreadable',
      'timestamp',
      `Timestamp ${index} of the bundle is not a granted RFC 3161 response, so it proves no time.`,
      'Ask the timestamp authority for a new one, or sign again.',
    );
  }
  const { at, issuer, serial } = timestamp;
  const evidence = { time: utc(at), 'signed by certificate': serial, 'issued by': issuer };
  const named = root.timestampAuthorities.filter((authority) => isNamed(authority, timestamp));
  if (named.length === 0) {
    throw new Refusal(
      'timestamp-unknown-authority',
      'timestamp',
      `The timestamp is by a certificate of "${issuer}" (serial ${serial}), which is no timestamp authority of the trust root in force.`,
      OTHER_TRUST_ROOT,
      evidence,
    );
  }
  const valid = named.filter((authority) => isAuthorityValidAt(authority, at));
  const [known] = named;
  if (valid.length === 0 && known) {
    throw new Refusal(
      'timestamp-outside-validity',
      'timestamp',
      `The timestamp says ${utc(at)}, when its authority ${known.uri} was not trusted: it is ${describeValidity(known)}, and its certificates within their own times.`,
      'A signature of another time needs a timestamp of that time.',
      evidence,
    );
  }
  const signer = valid.find((authority) => isSignedBy(timestamp.response, signature, authority));
  if (!signer) {
    throw new Refusal(
      'timestamp-invalid',
      'timestamp',
      'The timestamp was not made for this signature: its imprint, its digest or its own signature does not fit.',
      'The bundle was put together from parts of different ones, or changed. Take it from the signer again.',
      evidence,
    );
  }
  checks.push(
    passed('timestamp', `The timestamp authority saw the signature at ${utc(at)}.`, {
      ...evidence,
      authority: signer.uri,
    }),
  );
  return { at, source: 'timestamp-authority' };
}

interface ReadTimestamp {
  readonly response: RFC3161Timestamp;
  readonly at: number;
  readonly issuerDer: Buffer;
  readonly issuer: string;
  readonly serial: string;
}

function readTimestamp(der: Buffer): ReadTimestamp | null {
  try {
    const response = RFC3161Timestamp.parse(Buffer.from(der));
    const at = response.signingTime.getTime();
    const issuerDer = response.signerIssuer;
    const serial = response.signerSerialNumber.toString('hex');
    if (!GRANTED.has(response.status) || Number.isNaN(at)) return null;
    return {
      response,
      at,
      issuerDer,
      issuer: formatName(issuerDer, 0, issuerDer.length) ?? 'an unreadable name',
      serial,
    };
  } catch {
    return null;
  }
}

function isNamed(authority: Authority, { issuerDer, serial }: ReadTimestamp): boolean {
  const [signer] = authority.chain;
  if (!signer) return false;
  const certificate = SigstoreCertificate.parse(Buffer.from(signer.raw));
  return certificate.serialNumber.toString('hex') === serial && certificate.issuer.equals(issuerDer);
}

/** The chain stands in the trust root whole, in order; that it holds together was the operator's to see to, and is seen to. */
function isAuthorityValidAt(authority: Authority, at: number): boolean {
  return (
    isValidAt(authority, at) &&
    authority.chain.every((certificate, i) => {
      const issuer = authority.chain[i + 1];
      const isIssued =
        !issuer || (issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
      return isIssued && isCertificateValidAt(certificate, at);
    })
  );
}

function isSignedBy(response: RFC3161Timestamp, signature: Buffer, authority: Authority): boolean {
  const [signer] = authority.chain;
  try {
    if (!signer) return false;
    response.verify(signature, signer.publicKey);
    return true;
  } catch {
    return false;
  }
}
