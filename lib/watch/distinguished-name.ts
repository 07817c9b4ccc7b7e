import { toHex } from '#lib/tlog/hex.ts';
import { DerCursor, DerError, Tag } from './der.ts';
import { decodeLatin1, escapeAscii, escapeText, escapeUtf8 } from './display.ts';
import { formatOid } from './oid.ts';

/** Short names of attribute types: RFC 4514's, and those that every tool prints. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/**
 * A Name (RFC 5280, 4.1.2.4), given its content octets, as one line in the manner of RFC 4514: last part first,
 * `+` within a part, commas between. Null where the octets are no Name.
 */
export function formatName(der: Uint8Array, from: number, to: number): string | null {
  const cursor = new DerCursor().reset(der, from, to);
  const parts: string[] = [];
  try {
    while (cursor.more) parts.unshift(readPart(cursor));
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
  return parts.join(',');
}

/** RelativeDistinguishedName: one attribute, seldom more. */
function readPart(cursor: DerCursor): string {
  const attributes: string[] = [];
  const part = cursor.open(Tag.set);
  while (cursor.more) attributes.push(readAttribute(cursor));
  cursor.leave(part);
  return attributes.join('+');
}

function readAttribute(cursor: DerCursor): string {
  const attribute = cursor.open(Tag.sequence);
  cursor.expect(Tag.oid);
  const oid = formatOid(cursor.bytes, cursor.from, cursor.to);
  const tag = cursor.next();
  const value = formatString(tag, cursor.bytes.subarray(cursor.from, cursor.to));
  const whole = cursor.bytes.subarray(cursor.start, cursor.to);
  cursor.leave(attribute);
  const type = oid === null ? '?' : (ATTRIBUTES[oid] ?? oid);
  return `${type}=${value === null ? `#${toHex(whole)}` : escapeSpecial(value)}`;
}

/** A string of any ASN.1 string type, escaped for showing; null for what is no string. */
function formatString(tag: number, content: Uint8Array): string | null {
  switch (tag) {
    case Tag.utf8String:
      return escapeUtf8(content);
    case Tag.printableString:
    case Tag.ia5String:
    case Tag.numericString:
    case Tag.visibleString:
      return escapeAscii(content);
    case Tag.teletexString:
      return escapeText(decodeLatin1(content));
    case Tag.bmpString:
      return content.length % 2 === 0 ? escapeText(new TextDecoder('utf-16be').decode(content)) : null;
    default:
      return null;
  }
}

/** RFC 4514, 2.4: what would otherwise end the value. Backslashes are escaped already. */
function escapeSpecial(value: string): string {
  return value.replace(/[",+;<>]|^#/g, (character) => `\\${character}`);
}
