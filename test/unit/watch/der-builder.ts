import { NameTag } from '#lib/watch/certificate-walk.ts';
import { Tag } from '#lib/watch/der.ts';

type Part = Uint8Array | string;

/** One DER element; strings count as UTF-8. */
export function element(tag: number, ...parts: readonly Part[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content]);
}

export const sequence = (...parts: readonly Part[]): Uint8Array => element(Tag.sequence, ...parts);

/** An object identifier from its dotted decimals. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(Tag.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** An extension; `value` is what the OCTET STRING holds. */
export function extension(dotted: string, value: Part): Uint8Array {
  return sequence(oid(dotted), element(Tag.octetString, value));
}

/** Fulcio's extension of this number, from 8 up wrapped in a UTF8String. */
export function fulcio(number: number, value: Part): Uint8Array {
  return extension(`1.3.6.1.4.1.57264.1.${number}`, number < 8 ? value : element(Tag.utf8String, value));
}

export const email = (value: Part): Uint8Array => element(NameTag.rfc822Name, value);
export const uri = (value: Part): Uint8Array => element(NameTag.uri, value);
export const dns = (value: Part): Uint8Array => element(NameTag.dnsName, value);

/** Fulcio's user name: an OtherName of its own type. */
export function otherName(value: Part, type = '1.3.6.1.4.1.57264.1.7'): Uint8Array {
  return element(NameTag.otherName, oid(type), element(0xa0, element(Tag.utf8String, value)));
}

/** A Name of one attribute a part. */
export function name(...attributes: readonly (readonly [type: string, value: string])[]): Uint8Array {
  return sequence(
    ...attributes.map(([type, value]) => element(Tag.set, sequence(oid(type), element(Tag.utf8String, value)))),
  );
}

/** The key of every certificate made here. */
export const P256_SPKI = Buffer.from(
  '3059301306072a8648ce3d020106082a8648ce3d03010703420004cd01a0d312e42998e5689e4c61abaf5446dcd97b870467e77c3186afb2c7f6' +
    'a3300bdc661380dad22729f96aa0f93e1fce192e1666da89303744bcf16c1d62a0',
  'hex',
);
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

export interface CertificateParts {
  readonly sans?: readonly Uint8Array[];
  /** Besides the alternative names. */
  readonly extensions?: readonly Uint8Array[];
  readonly subject?: Uint8Array;
  readonly validity?: Uint8Array;
}

/** A whole certificate, structurally sound, with a signature by nobody. */
export function certificate({ sans = [], extensions = [], subject, validity }: CertificateParts): Uint8Array {
  const names = sans.length === 0 ? [] : [extension('2.5.29.17', sequence(...sans))];
  const body = sequence(
    element(0xa0, element(Tag.integer, Uint8Array.of(2))),
    element(Tag.integer, Uint8Array.of(0x12, 0x34)),
    ECDSA_SHA256,
    name(['2.5.4.10', 'ca.example'], ['2.5.4.3', 'test-authority']),
    validity ?? sequence(element(Tag.utcTime, '260101000000Z'), element(Tag.utcTime, '260101001000Z')),
    subject ?? sequence(),
    P256_SPKI,
    element(0xa3, sequence(...names, ...extensions)),
  );
  return sequence(body, ECDSA_SHA256, element(Tag.bitString, Uint8Array.of(0, 0x30, 0x06, 2, 1, 1, 2, 1, 1)));
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}
