import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { walkCertificate } from '#lib/watch/certificate-walk.ts';
import { DerCursor, DerError, Tag } from '#lib/watch/der.ts';
import { type FoundVerifier, readPem } from './pem.ts';

/** An entry that holds more is not read. */
const MOST = 32;
/** Shorter than any key. */
const SHORTEST = 40;
const MAX_DEPTH = 24;
const MOST_ELEMENTS = 20_000;

/**
 * The certificates and keys that stand anywhere in a value: PEM as it is or in base64, DER in base64, certificates inside
 * DER (CMS, timestamps), and the same in JSON in base64. For entries of kinds that are not read field by field.
 *
 * @throws {Error} where there are more than are read.
 */
export function findVerifiers(value: unknown, depth = 0): FoundVerifier[] {
  const found: FoundVerifier[] = [];
  for (const text of stringsOf(value)) {
    if (text.length < SHORTEST) continue;
    found.push(...(text.startsWith('-----BEGIN ') ? readText(text) : readBase64(text, depth)));
    if (found.length > MOST) throw new Error(`it holds more than ${MOST} certificates and keys`);
  }
  return found;
}

function* stringsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const element of value) yield* stringsOf(element);
  else if (typeof value === 'object' && value !== null) {
    for (const element of Object.values(value)) yield* stringsOf(element);
  }
}

function readBase64(text: string, depth: number): FoundVerifier[] {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return [];
  if (bytes.subarray(0, 11).toString('latin1') === '-----BEGIN ') return readText(bytes.toString('latin1'));
  if (bytes[0] === Tag.sequence) return certificatesIn(bytes);
  if (bytes[0] === 0x7b && depth === 0) return readJson(bytes);
  return [];
}

function readText(text: string): FoundVerifier[] {
  if (text.startsWith('-----BEGIN PGP ')) {
    const isKey = text.startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----');
    return isKey ? [{ form: 'public-key', bytes: Buffer.from(text, 'latin1'), keyDetails: 'pgp' }] : [];
  }
  return readPem(text);
}

function readJson(bytes: Uint8Array): FoundVerifier[] {
  try {
    return findVerifiers(parseStrictJson(bytes, { maxBytes: bytes.length }), 1);
  } catch (error) {
    if (error instanceof JsonError) return [];
    throw error;
  }
}

/** Certificates among the elements of DER, however deep; nothing where it is no DER. */
function certificatesIn(bytes: Buffer): FoundVerifier[] {
  const found: FoundVerifier[] = [];
  let elements = 0;
  const walk = (from: number, to: number, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    const cursor = new DerCursor().reset(bytes, from, to);
    while (cursor.more) {
      if (++elements > MOST_ELEMENTS) throw new Error('its DER has more elements than are looked through');
      cursor.next();
      const element = { tag: cursor.tag, start: cursor.start, from: cursor.from, to: cursor.to };
      if (element.tag === Tag.sequence && isCertificate(bytes.subarray(element.start, element.to))) {
        found.push({ form: 'certificate', bytes: bytes.subarray(element.start, element.to), keyDetails: '' });
      } else if ((element.tag & 0x20) !== 0) {
        walk(element.from, element.to, depth + 1);
      }
    }
  };
  try {
    walk(0, bytes.length, 0);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  return found;
}

/** `[0]`, constructed. */
const VERSION = 0xa0;
const NOTHING = { field: () => {}, name: () => {}, extension: () => {} };

function isCertificate(der: Uint8Array): boolean {
  if (!mayBeCertificate(der)) return false;
  try {
    walkCertificate(der, NOTHING);
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/** Whether it begins as a certificate does: a sequence in a sequence, and in that a version or a number. */
function mayBeCertificate(der: Uint8Array): boolean {
  const cursor = new DerCursor().reset(der);
  try {
    cursor.open(Tag.sequence);
    if (cursor.peek() !== Tag.sequence) return false;
    cursor.open(Tag.sequence);
    return cursor.peek() === VERSION || cursor.peek() === Tag.integer;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
