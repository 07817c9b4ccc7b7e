/**
 * Log entries of Rekor v2 (rekor-tiles, api version 0.0.2), which the log stores as RFC 8785 canonical JSON.
 *
 * Canonical JSON of a known kind has one spelling, so the reader below follows that spelling literally: no duplicate
 * key, unknown field, white space or second encoding can pass. What it cannot follow to the last byte is undecided.
 */

/** One signature of an entry, still as the base64 text of the entry: most entries are never looked at further. */
export interface EntrySignature {
  readonly form: 'certificate' | 'public-key';
  /** DER of the certificate, or SPKI DER of the key: not known to be base64 until `decodeVerifier` has read it. */
  readonly verifier: string;
  readonly keyDetails: string;
  readonly signature: string;
}

export interface DecodedEntry {
  readonly kind: 'hashedrekord 0.0.2' | 'dsse 0.0.2';
  /** Of the signed bytes for hashedrekord (for DSSE: the pre-authentication encoding); of the bare payload for dsse. */
  readonly digestAlgorithm: 'sha256' | 'sha384' | 'sha512';
  readonly digest: string;
  readonly signatures: readonly EntrySignature[];
}

export interface UndecidedEntry {
  /** Why, for people. */
  readonly undecided: string;
  /** What the entry calls itself, where that can be read. */
  readonly kind: string | null;
}

const ALGORITHMS = new Map([
  ['SHA2_256', 'sha256'],
  ['SHA2_384', 'sha384'],
  ['SHA2_512', 'sha512'],
] as const);

const MAX_SIGNATURES = 32;

/** Reads one entry; never throws. `bytes` must already be bound to a signed root. */
export function decodeEntry(bytes: Uint8Array): DecodedEntry | UndecidedEntry {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('latin1');
  const reader = new LiteralReader(text);
  const entry = readHashedRekord(reader) ?? readDsse(reader.restart());
  return entry ?? { undecided: whyUndecided(text), kind: sniffKind(bytes) };
}

/**
 * Decodes the certificate or key into `target` and gives its length, or null where the text is no base64.
 * Quick rather than strict, for it runs on every entry: what is stored goes through `decodeEntryBase64`.
 */
export function decodeVerifier({ verifier }: EntrySignature, target: Buffer): number | null {
  const padding = verifier.endsWith('==') ? 2 : verifier.endsWith('=') ? 1 : 0;
  const length = target.write(verifier, 'base64');
  // Node passes over what is not base64, so any stray character makes the result shorter.
  return verifier.length % 4 === 0 && length === (verifier.length / 4) * 3 - padding ? length : null;
}

/** @throws {Error} where `text` is not canonical base64 (RFC 4648, padded, no stray bits). */
export function decodeEntryBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Error('not canonical base64');
  return bytes;
}

function readHashedRekord(r: LiteralReader): DecodedEntry | null {
  if (!r.literal('{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"')) {
    return null;
  }
  const digest = readDigest(r);
  if (!digest || !r.literal('"},"signature":')) return null;
  const signature = readSignature(r);
  if (!signature || !r.literal('}}}') || !r.atEnd()) return null;
  return { kind: 'hashedrekord 0.0.2', ...digest, signatures: [signature] };
}

function readDsse(r: LiteralReader): DecodedEntry | null {
  if (!r.literal('{"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":"')) return null;
  const digest = readDigest(r);
  if (!digest || !r.literal('"},"signatures":[')) return null;
  const signatures: EntrySignature[] = [];
  do {
    const signature = readSignature(r);
    if (!signature || signatures.length === MAX_SIGNATURES) return null;
    signatures.push(signature);
  } while (r.literal(','));
  if (!r.literal(']}}}') || !r.atEnd()) return null;
  return { kind: 'dsse 0.0.2', ...digest, signatures };
}

function readDigest(r: LiteralReader): Pick<DecodedEntry, 'digestAlgorithm' | 'digest'> | null {
  const digestAlgorithm = ALGORITHMS.get(r.token() as 'SHA2_256');
  if (!digestAlgorithm || !r.literal('","digest":"')) return null;
  const digest = r.token();
  return digest === null ? null : { digestAlgorithm, digest };
}

function readSignature(r: LiteralReader): EntrySignature | null {
  if (!r.literal('{"content":"')) return null;
  const signature = r.token();
  if (signature === null || !r.literal('","verifier":{"keyDetails":"')) return null;
  const keyDetails = r.token();
  if (keyDetails === null) return null;
  const form = r.literal('","x509Certificate":{"rawBytes":"')
    ? 'certificate'
    : r.literal('","publicKey":{"rawBytes":"')
      ? 'public-key'
      : null;
  if (!form) return null;
  const verifier = r.upToQuote();
  if (verifier === '' || !r.literal('"}}}')) return null;
  return { form, verifier, keyDetails, signature };
}

/** What base64 and the names of algorithms are made of: nothing that JSON could write in a second way. */
const TOKEN = /^[A-Za-z0-9+/=_]+$/;

/** Follows a text literal by literal. */
class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  literal(expected: string): boolean {
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  /** Up to the next quotation mark; null where that is no token. */
  token(): string | null {
    const text = this.upToQuote();
    return TOKEN.test(text) ? text : null;
  }

  upToQuote(): string {
    const end = this.#text.indexOf('"', this.#at);
    if (end < 0) return '';
    const text = this.#text.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  restart(): LiteralReader {
    this.#at = 0;
    return this;
  }
}

function whyUndecided(text: string): string {
  return text.startsWith('{"apiVersion":"0.0.2","kind":"hashedrekord"') ||
    text.startsWith('{"apiVersion":"0.0.2","kind":"dsse"')
    ? 'The entry names a known kind, but is not spelled as that kind is: a field is missing, unknown, doubled or encoded in another way.'
    : 'This version of Modeltrail knows only the kinds hashedrekord 0.0.2 and dsse 0.0.2.';
}

function sniffKind(bytes: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { kind, apiVersion } = value as { kind?: unknown; apiVersion?: unknown };
    if (typeof kind !== 'string') return null;
    return `${kind} ${typeof apiVersion === 'string' ? apiVersion : ''}`.trim().slice(0, 100);
  } catch {
    return null;
  }
}
