import { createHash, sign } from 'node:crypto';
import { X509Certificate as SigstoreCertificate } from '@sigstore/core';
import { Tag } from '#lib/watch/der.ts';
import { element, oid, sequence } from '#test/unit/watch/der-builder.ts';
import type { KeyPair } from './mint-certificate.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

const integer = (value: number): Uint8Array => element(Tag.integer, Uint8Array.of(value));
const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** An RFC 3161 response over `signature`, as a timestamp authority with this key and certificate gives it. */
export function mintTimestamp(
  signature: Uint8Array,
  at: number,
  authority: { readonly key: KeyPair; readonly der: Buffer },
  status = 0,
): Buffer {
  return mintTimestampOf(digest(signature), at, authority, status);
}

/** The same for whoever has the SHA-256 of the signature only, as an authority does. */
export function mintTimestampOf(
  imprint: Uint8Array,
  at: number,
  authority: { readonly key: KeyPair; readonly der: Buffer },
  status = 0,
): Buffer {
  const { issuer, serialNumber } = SigstoreCertificate.parse(Buffer.from(authority.der));
  const genTime = element(Tag.generalizedTime, new Date(at).toISOString().replace(/[-:T]|\.000/g, ''));
  const info = sequence(
    integer(1),
    oid('1.3.6.1.4.1.57264.2'),
    sequence(SHA256, element(Tag.octetString, imprint)),
    integer(7),
    genTime,
  );
  const attributes = Buffer.concat([
    sequence(oid(CONTENT_TYPE), element(Tag.set, oid(TST_INFO))),
    sequence(oid(MESSAGE_DIGEST), element(Tag.set, element(Tag.octetString, digest(info)))),
  ]);
  const signer = sequence(
    integer(1),
    sequence(sequence(issuer), element(Tag.integer, serialNumber)),
    SHA256,
    element(0xa0, attributes),
    ECDSA_SHA256,
    element(Tag.octetString, sign('sha256', element(Tag.set, attributes), authority.key.privateKey)),
  );
  const signedData = sequence(
    integer(3),
    element(Tag.set, SHA256),
    sequence(oid(TST_INFO), element(0xa0, element(Tag.octetString, info))),
    element(Tag.set, signer),
  );
  const token = sequence(oid(SIGNED_DATA), element(0xa0, signedData));
  return Buffer.from(sequence(sequence(integer(status)), token));
}
