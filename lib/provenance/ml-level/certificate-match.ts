import { toHex } from '#lib/tlog/hex.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { FULCIO_ARC, ISSUER, ISSUER_V2 } from '#lib/watch/fulcio-extensions.ts';

/** Fulcio's extensions that levels rest on, by their numbers below 1.3.6.1.4.1.57264.1. */
export const FULCIO = {
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  buildConfigUri: 18,
  buildConfigDigest: 19,
  runInvocationUri: 21,
} as const;

const FIRST_UTF8 = 8;
const UTF8_STRING = 0x0c;

/** The value of an extension that stands exactly once, as shown; twice is no answer. */
export function extensionText(certificate: CertificateFacts | null, number: number): string | null {
  return single(certificate, number)?.value ?? null;
}

/** Whether an extension stands exactly once and holds exactly these bytes, DER encoding included. */
export function isExtension(certificate: CertificateFacts | null, number: number, text: string): boolean {
  return single(certificate, number)?.raw === toHex(encode(number, text));
}

/**
 * Whether a certificate names this identity, as its only name and by mail address or address of the web, through this
 * issuer. Compared as raw bytes: what merely looks the same is somebody else.
 */
export function isCertificateOf(
  certificate: CertificateFacts | null,
  { identity, issuer }: { readonly identity: string; readonly issuer: string },
): boolean {
  if (certificate?.sans.length !== 1) return false;
  const [san] = certificate.sans;
  if (san === undefined || (san.type !== 'uri' && san.type !== 'email')) return false;
  return san.raw === toHex(new TextEncoder().encode(identity)) && isIssuedThrough(certificate, issuer);
}

/** Whether the identity comes from this issuer (extension 8, in older certificates 1), and no other is named beside it. */
export function isIssuedThrough(certificate: CertificateFacts, issuer: string): boolean {
  if (certificate.issuer.conflict) return false;
  const hasV2 = certificate.extensions.some(({ oid }) => oid === oidOf(ISSUER_V2));
  return isExtension(certificate, hasV2 ? ISSUER_V2 : ISSUER, issuer);
}

function single(certificate: CertificateFacts | null, number: number) {
  const found = certificate?.extensions.filter(({ oid }) => oid === oidOf(number)) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

function oidOf(number: number): string {
  return `${FULCIO_ARC}.${number}`;
}

/** The value as Fulcio writes it: bare bytes up to extension 6, from 8 on a DER UTF8String. */
function encode(number: number, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (number < FIRST_UTF8) return bytes;
  const { length } = bytes;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.of(UTF8_STRING, ...size, ...bytes);
}
