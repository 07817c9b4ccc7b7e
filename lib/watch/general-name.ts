import { toHex } from '#lib/tlog/hex.ts';
import { NameTag } from './certificate-walk.ts';
import { DerCursor, DerError, Tag } from './der.ts';
import { escapeAscii, escapeUtf8 } from './display.ts';
import { formatName } from './distinguished-name.ts';
import { formatOid } from './oid.ts';

/** The kinds of subject alternative name, in the order in which a person would look for an identity. */
export const SAN_TYPES = [
  'email',
  'uri',
  'dns',
  'other-name',
  'ip',
  'directory-name',
  'registered-id',
  'x400',
  'edi',
] as const;

export type SanType = (typeof SAN_TYPES)[number];

const TAGS: Readonly<Record<SanType, number>> = {
  email: NameTag.rfc822Name,
  uri: NameTag.uri,
  dns: NameTag.dnsName,
  'other-name': NameTag.otherName,
  ip: NameTag.ipAddress,
  'directory-name': NameTag.directoryName,
  'registered-id': NameTag.registeredId,
  x400: NameTag.x400Address,
  edi: NameTag.ediPartyName,
};

/** The octet that begins names of this kind. */
export function sanTag(type: SanType): number {
  return TAGS[type];
}

/** The kind of name that this octet begins. The walk lets no other through. */
export function sanType(tag: number): SanType {
  const type = SAN_TYPES.find((candidate) => TAGS[candidate] === tag);
  if (type === undefined) throw new RangeError(`no kind of name begins with octet ${tag}`);
  return type;
}

/** Whether the name's content is the identity's own bytes; the other kinds are compared as they are shown. */
export function isTextName(tag: number): boolean {
  return tag === NameTag.rfc822Name || tag === NameTag.uri || tag === NameTag.dnsName || tag === NameTag.otherName;
}

/** A name as shown to people: its content made visible, or `#` and hex for what has no text. */
export function formatGeneralName(tag: number, der: Uint8Array, from: number, to: number): string {
  const content = der.subarray(from, to);
  switch (tag) {
    case NameTag.rfc822Name:
    case NameTag.uri:
    case NameTag.dnsName:
      return escapeAscii(content);
    case NameTag.otherName:
      return escapeUtf8(content);
    case NameTag.ipAddress:
      return formatIpAddress(content) ?? `#${toHex(content)}`;
    case NameTag.registeredId:
      return formatOid(der, from, to) ?? `#${toHex(content)}`;
    case NameTag.directoryName:
      return formatDirectoryName(der, from, to) ?? `#${toHex(content)}`;
    default:
      return `#${toHex(content)}`;
  }
}

/** Dotted IPv4, or IPv6 in eight groups without leading zeros. */
function formatIpAddress(octets: Uint8Array): string | null {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return null;
  const view = new DataView(octets.buffer, octets.byteOffset, 16);
  return Array.from({ length: 8 }, (_, group) => view.getUint16(group * 2).toString(16)).join(':');
}

/** directoryName is tagged explicitly: a Name stands whole inside. */
function formatDirectoryName(der: Uint8Array, from: number, to: number): string | null {
  const cursor = new DerCursor().reset(der, from, to);
  try {
    cursor.expect(Tag.sequence);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
  return cursor.more ? null : formatName(der, cursor.from, cursor.to);
}
