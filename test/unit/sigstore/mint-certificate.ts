import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Tag } from '#lib/watch/der.ts';
import { element, email, extension, fulcio, name, oid, sequence } from '#test/unit/watch/der-builder.ts';

export const HOUR = 3_600_000;
/** When minted certificates begin. */
export const T0 = Date.parse('2026-03-01T12:00:00Z');

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function mintKey(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

export function spkiOf({ publicKey }: Pick<KeyPair, 'publicKey'>): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

export interface Issuer {
  readonly key: KeyPair;
  readonly name: Uint8Array;
}

interface Wanted {
  readonly subject: Uint8Array;
  readonly key: Pick<KeyPair, 'publicKey'>;
  readonly issuer: Issuer;
  readonly extensions: readonly Uint8Array[];
  readonly from?: number;
  readonly to?: number;
  readonly serial?: Uint8Array;
}

/** A certificate, signed with the issuer's key. */
export function mintCertificate(wanted: Wanted): Buffer {
  const tbs = toBeSigned(wanted);
  const signature = sign('sha256', tbs, wanted.issuer.key.privateKey);
  return Buffer.from(sequence(tbs, ECDSA_SHA256, element(Tag.bitString, Uint8Array.of(0), signature)));
}

function toBeSigned({ subject, key, issuer, extensions, from = T0, to = T0 + HOUR / 6, serial }: Wanted): Uint8Array {
  return sequence(
    element(0xa0, element(Tag.integer, Uint8Array.of(2))),
    element(Tag.integer, Uint8Array.of(0x10), serial ?? randomBytes(15)),
    ECDSA_SHA256,
    issuer.name,
    sequence(time(from), time(to)),
    subject,
    spkiOf(key),
    element(0xa3, sequence(...extensions)),
  );
}

function time(at: number): Uint8Array {
  return element(Tag.generalizedTime, new Date(at).toISOString().replace(/[-:T]|\.000/g, ''));
}

/** A name of one common name. */
export const common = (text: string): Uint8Array => name(['2.5.4.3', text]);

const keyUsage = (bits: number, unused: number): Uint8Array =>
  extension('2.5.29.15', element(Tag.bitString, Uint8Array.of(unused, bits)));
const extendedKeyUsage = (purpose: string): Uint8Array => extension('2.5.29.37', sequence(oid(purpose)));
const basicConstraints = (isCa: boolean): Uint8Array =>
  extension('2.5.29.19', isCa ? sequence(element(Tag.boolean, Uint8Array.of(0xff))) : sequence());

export const CA_EXTENSIONS = [basicConstraints(true), keyUsage(0x06, 1)];
export const TSA_EXTENSIONS = [basicConstraints(false), keyUsage(0x80, 7), extendedKeyUsage(TIME_STAMPING)];

export interface LeafWish {
  readonly issuer: Issuer;
  readonly key?: KeyPair;
  readonly sans?: readonly Uint8Array[];
  readonly oidcIssuer?: string;
  readonly purpose?: string;
  /** More of Fulcio's extensions, by number. */
  readonly fulcio?: Readonly<Record<number, string>>;
  readonly isCa?: boolean;
  readonly from?: number;
  readonly to?: number;
  /** Certificate logs that vouch for it, and when. */
  readonly scts?: readonly { readonly log: KeyPair; readonly at?: number; readonly logId?: Buffer }[];
}

/** A signing certificate as Fulcio makes them, with embedded SCTs (RFC 6962, 3.2). */
export function mintLeaf(wish: LeafWish): { der: Buffer; key: KeyPair } {
  const { issuer, key = mintKey(), sans = [email('release-bot@models.example')], isCa = false, scts = [] } = wish;
  const {
    from = T0,
    to = T0 + HOUR / 6,
    purpose = CODE_SIGNING,
    oidcIssuer = 'https://accounts.models.example',
  } = wish;
  const serial = randomBytes(15);
  const extensions = [
    keyUsage(0x80, 7),
    extendedKeyUsage(purpose),
    basicConstraints(isCa),
    ...(sans.length > 0 ? [extension('2.5.29.17', sequence(...sans))] : []),
    fulcio(1, oidcIssuer),
    fulcio(8, oidcIssuer),
    ...Object.entries(wish.fulcio ?? {}).map(([number, value]) => fulcio(Number(number), value)),
  ];
  const wanted = { subject: sequence(), key, issuer, extensions, from, to, serial };
  const tbs = toBeSigned(wanted);
  const list = scts.map(({ log, at = from + 500, logId }) => {
    const sct = mintSct(tbs, issuer, log, at, logId);
    return Buffer.concat([uint(sct.length, 2), sct]);
  });
  if (list.length === 0) return { der: mintCertificate(wanted), key };
  const bytes = Buffer.concat(list);
  const embedded = element(Tag.octetString, uint(bytes.length, 2), bytes);
  return {
    der: mintCertificate({ ...wanted, extensions: [...extensions, extension('1.3.6.1.4.1.11129.2.4.2', embedded)] }),
    key,
  };
}

function mintSct(tbs: Uint8Array, issuer: Issuer, log: KeyPair, at: number, logId?: Buffer): Buffer {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(BigInt(at));
  const issuerKeyHash = createHash('sha256').update(spkiOf(issuer.key)).digest();
  const signed = Buffer.concat([
    Buffer.of(0, 0),
    timestamp,
    uint(1, 2),
    issuerKeyHash,
    uint(tbs.length, 3),
    tbs,
    uint(0, 2),
  ]);
  const signature = sign('sha256', signed, log.privateKey);
  const id = logId ?? createHash('sha256').update(spkiOf(log)).digest();
  return Buffer.concat([
    Buffer.of(0),
    id,
    timestamp,
    uint(0, 2),
    Buffer.of(4, 3),
    uint(signature.length, 2),
    signature,
  ]);
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
