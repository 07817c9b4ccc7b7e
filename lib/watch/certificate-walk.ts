import { DerCursor, DerError, Tag } from './der.ts';

/** More than any entry of a Rekor log may carry; what is longer is refused before it is read. */
export const MAX_CERTIFICATE_BYTES = 131_072;

/** GeneralName alternatives (RFC 5280, 4.2.1.6) by the octet that begins them. */
export const NameTag = {
  otherName: 0xa0,
  rfc822Name: 0x81,
  dnsName: 0x82,
  x400Address: 0xa3,
  directoryName: 0xa4,
  ediPartyName: 0xa5,
  uri: 0x86,
  ipAddress: 0x87,
  registeredId: 0x88,
} as const;

const KNOWN_NAME_TAGS: ReadonlySet<number> = new Set(Object.values(NameTag));
const EXTENSIONS = 0xa3;
const EXPLICIT_0 = 0xa0;

export type CertificateField = 'serial' | 'issuer' | 'validity' | 'subject' | 'spki';

/** What is told of a certificate while it is walked. All numbers are offsets into its DER. */
export interface CertificateVisitor {
  /** A field that every certificate has once: its first octet, and its content. */
  field(field: CertificateField, start: number, from: number, to: number): void;
  /** An extension: its OID's content octets, and what its OCTET STRING holds. */
  extension(oidFrom: number, oidTo: number, from: number, to: number): void;
  /**
   * One subject alternative name: its content. For an OtherName the range is of the string within (of the whole
   * inner element where that is no string), and its type's OID is given; for the others `oidTo` is 0.
   */
  name(tag: number, from: number, to: number, oidFrom: number, oidTo: number): void;
}

/** `tbs`: the signed part alone (TBSCertificate), as certificate logs hold it of precertificates. */
export type CertificateForm = 'certificate' | 'tbs';

/**
 * Walks an X.509 certificate (RFC 5280, 4.1) once, telling the visitor where everything is.
 * The only reader of certificates here, so that what is matched and what is shown cannot differ.
 * Throws DerError where the bytes are no certificate; by then the visitor may have been told of a part.
 */
export function walkCertificate(
  der: Uint8Array,
  visitor: CertificateVisitor,
  cursor = new DerCursor(),
  form: CertificateForm = 'certificate',
): void {
  if (der.length > MAX_CERTIFICATE_BYTES) throw new DerError('too-large', MAX_CERTIFICATE_BYTES);
  cursor.reset(der);
  if (form === 'tbs') {
    walkBody(cursor, visitor);
  } else {
    const file = cursor.open(Tag.sequence);
    walkBody(cursor, visitor);
    cursor.expect(Tag.sequence); // signatureAlgorithm
    cursor.expect(Tag.bitString); // signatureValue
    cursor.leave(file);
  }
  if (cursor.more) throw new DerError('trailing-bytes', cursor.to);
}

/** TBSCertificate: the signed part. */
function walkBody(cursor: DerCursor, visitor: CertificateVisitor): void {
  const body = cursor.open(Tag.sequence);
  if (cursor.peek() === EXPLICIT_0) cursor.next(); // version
  cursor.expect(Tag.integer);
  visitor.field('serial', cursor.start, cursor.from, cursor.to);
  cursor.expect(Tag.sequence); // signature
  cursor.expect(Tag.sequence);
  visitor.field('issuer', cursor.start, cursor.from, cursor.to);
  cursor.expect(Tag.sequence);
  visitor.field('validity', cursor.start, cursor.from, cursor.to);
  cursor.expect(Tag.sequence);
  visitor.field('subject', cursor.start, cursor.from, cursor.to);
  cursor.expect(Tag.sequence);
  visitor.field('spki', cursor.start, cursor.from, cursor.to);
  if (cursor.peek() === 0x81) cursor.next(); // issuerUniqueID
  if (cursor.peek() === 0x82) cursor.next(); // subjectUniqueID
  if (cursor.more) walkExtensions(cursor, visitor);
  cursor.leave(body);
}

function walkExtensions(cursor: DerCursor, visitor: CertificateVisitor): void {
  const wrapper = cursor.open(EXTENSIONS);
  const list = cursor.open(Tag.sequence);
  while (cursor.more) {
    const extension = cursor.open(Tag.sequence);
    cursor.expect(Tag.oid);
    const { from: oidFrom, to: oidTo } = cursor;
    if (cursor.peek() === Tag.boolean) cursor.next(); // critical
    cursor.expect(Tag.octetString);
    visitor.extension(oidFrom, oidTo, cursor.from, cursor.to);
    if (isAlternativeName(cursor.bytes, oidFrom, oidTo)) walkNames(cursor, visitor);
    cursor.leave(extension);
  }
  cursor.leave(list);
  cursor.leave(wrapper);
}

function walkNames(cursor: DerCursor, visitor: CertificateVisitor): void {
  const value = cursor.enter();
  const names = cursor.open(Tag.sequence);
  while (cursor.more) {
    const tag = cursor.next();
    if (!KNOWN_NAME_TAGS.has(tag)) throw new DerError('unexpected-tag', cursor.start);
    if (tag === NameTag.otherName) walkOtherName(cursor, visitor);
    else visitor.name(tag, cursor.from, cursor.to, 0, 0);
  }
  cursor.leave(names);
  cursor.leave(value);
}

/** OtherName: a type and, explicitly tagged, a value of that type, which for Fulcio's is a UTF8String. */
function walkOtherName(cursor: DerCursor, visitor: CertificateVisitor): void {
  const name = cursor.enter();
  cursor.expect(Tag.oid);
  const { from: oidFrom, to: oidTo } = cursor;
  const value = cursor.open(EXPLICIT_0);
  const isString = isByteString(cursor.next());
  visitor.name(NameTag.otherName, isString ? cursor.from : cursor.start, cursor.to, oidFrom, oidTo);
  cursor.leave(value);
  cursor.leave(name);
}

/** String types whose content can be compared with UTF-8 or ASCII as it stands. */
function isByteString(tag: number): boolean {
  return tag === Tag.utf8String || tag === Tag.ia5String || tag === Tag.printableString || tag === Tag.visibleString;
}

/** 2.5.29.17 */
export function isAlternativeName(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 3 && bytes[from] === 0x55 && bytes[from + 1] === 0x1d && bytes[from + 2] === 0x11;
}
