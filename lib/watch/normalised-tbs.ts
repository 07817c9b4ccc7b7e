import { type CertificateForm, MAX_CERTIFICATE_BYTES } from './certificate-walk.ts';
import { DerCursor, DerError, Tag } from './der.ts';

/** Content octets of 1.3.6.1.4.1.11129.2.4.2 (list of SCTs) but for the last; …2.4.3 is the poison (RFC 6962, 3.1, 3.3). */
const CT_ARC = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04];
const SCT_LIST = 0x02;
const POISON = 0x03;
const EXTENSIONS = 0xa3;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The TBSCertificate without the extensions that certificate transparency adds: the poison of a precertificate, and the
 * list of SCTs of the certificate that came of it. Both give the same bytes, and so does what a certificate log holds of
 * them (RFC 6962, 3.2): their digest joins a certificate log with the logs of signatures.
 *
 * @throws {DerError} where the bytes are no certificate, or no TBSCertificate.
 */
export function normaliseTbs(der: Uint8Array, form: CertificateForm): Uint8Array {
  if (der.length > MAX_CERTIFICATE_BYTES) throw new DerError('too-large', MAX_CERTIFICATE_BYTES);
  const cursor = new DerCursor().reset(der);
  if (form === 'certificate') {
    const file = cursor.open(Tag.sequence);
    cursor.expect(Tag.sequence);
    const tbs = { from: cursor.start, to: cursor.to };
    cursor.expect(Tag.sequence); // signatureAlgorithm
    cursor.expect(Tag.bitString); // signatureValue
    cursor.leave(file);
    if (cursor.more) throw new DerError('trailing-bytes', cursor.to);
    return withoutTransparency(der, tbs);
  }
  cursor.expect(Tag.sequence);
  if (cursor.more) throw new DerError('trailing-bytes', cursor.to);
  return withoutTransparency(der, { from: cursor.start, to: cursor.to });
}

function withoutTransparency(der: Uint8Array, tbs: Span): Uint8Array {
  const cursor = new DerCursor().reset(der, tbs.from, tbs.to);
  const body = cursor.open(Tag.sequence);
  // Entered, the cursor still tells of the element around: its content is the body's.
  const content = { from: cursor.from, to: cursor.to };
  let extensions: Span | null = null;
  let kept: Span[] = [];
  let dropped = 0;
  while (cursor.more) {
    if (cursor.next() !== EXTENSIONS) continue;
    if (extensions) throw new DerError('unexpected-tag', cursor.start);
    extensions = { from: cursor.start, to: cursor.to };
    ({ kept, dropped } = readExtensions(cursor));
  }
  cursor.leave(body);
  if (!extensions || dropped === 0) return der.slice(tbs.from, tbs.to);
  const list = kept.map(({ from, to }) => der.subarray(from, to));
  return element(Tag.sequence, [
    der.subarray(content.from, extensions.from),
    ...(list.length === 0 ? [] : [element(EXTENSIONS, [element(Tag.sequence, list)])]),
    der.subarray(extensions.to, content.to),
  ]);
}

/** The extensions of the element read last: those that stay, and how many do not. */
function readExtensions(cursor: DerCursor): { kept: Span[]; dropped: number } {
  const kept: Span[] = [];
  let dropped = 0;
  const wrapper = cursor.enter();
  const list = cursor.open(Tag.sequence);
  while (cursor.more) {
    cursor.expect(Tag.sequence);
    const span = { from: cursor.start, to: cursor.to };
    const extension = cursor.enter();
    cursor.expect(Tag.oid);
    const isTransparency = isOfTransparency(cursor.bytes, cursor.from, cursor.to);
    while (cursor.more) cursor.next();
    cursor.leave(extension);
    if (isTransparency) dropped++;
    else kept.push(span);
  }
  cursor.leave(list);
  cursor.leave(wrapper);
  return { kept, dropped };
}

function isOfTransparency(bytes: Uint8Array, from: number, to: number): boolean {
  const last = bytes[to - 1];
  if (to - from !== CT_ARC.length + 1 || (last !== SCT_LIST && last !== POISON)) return false;
  return CT_ARC.every((octet, i) => bytes[from + i] === octet);
}

/** DER of an element with these contents. */
function element(tag: number, contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  const header = [tag, ...lengthOctets(length)];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const part of contents) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** X.690, 8.1.3: in as few octets as do. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}
