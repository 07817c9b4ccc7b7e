/** A third party's own certificate authority and the certificate that it gave its release team: nothing of Sigstore. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, der, distinguishedName, extension, octets, oid, sequence, utcTime } from './der.ts';

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const VALID_FROM = new Date('2025-01-01T00:00:00Z');
const VALID_UNTIL = new Date('2046-01-01T00:00:00Z');
/** TRUE, as a CA's basic constraints have it. */
const IS_AUTHORITY = sequence(der(0x01, Buffer.from([0xff])));

export interface PrivateAuthority {
  /** The self-signed CA that an operator may choose to trust. PEM. */
  readonly authority: string;
  /** Issued by it for code signing. PEM. */
  readonly certificate: string;
  /** Of the certificate. PEM, PKCS #8. */
  readonly privateKey: string;
}

/** @param mailbox the certificate's subject alternative name */
export function makePrivateAuthority(organisation: string, mailbox: string): PrivateAuthority {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rootName = distinguishedName([
    ['O', organisation],
    ['CN', `${organisation} Root CA`],
  ]);
  const leafName = distinguishedName([
    ['O', organisation],
    ['CN', `${organisation} release signing`],
  ]);
  const rootId = keyIdentifier(root.publicKey);
  const authority = issue(rootName, rootName, root.publicKey, root.privateKey, [
    extension('2.5.29.19', true, IS_AUTHORITY),
    extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)),
    extension('2.5.29.14', false, octets(rootId)),
  ]);
  const certificate = issue(rootName, leafName, leaf.publicKey, root.privateKey, [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.3'))),
    extension('2.5.29.14', false, octets(keyIdentifier(leaf.publicKey))),
    extension('2.5.29.35', false, sequence(der(0x80, rootId))),
    extension('2.5.29.17', false, sequence(der(0x81, mailbox))),
  ]);
  const privateKey = leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { authority, certificate, privateKey };
}

function issue(
  issuer: Buffer,
  subject: Buffer,
  publicKey: KeyObject,
  issuerKey: KeyObject,
  extensions: readonly Buffer[],
): string {
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(19)])),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(utcTime(VALID_FROM), utcTime(VALID_UNTIL)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, issuerKey)));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}
