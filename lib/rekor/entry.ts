/**
 * Log entries of Rekor v2 (rekor-tiles, api version 0.0.2), which the log stores as RFC 8785 canonical JSON.
 *
 * Canonical JSON of a known kind has one spelling, so the reader below follows that spelling literally: no duplicate
 * key, unknown field, white space or second encoding can pass. What it cannot follow to the last byte is undecided.
 */

/** One signature of an entry, still as base64 text: most entries are never looked at further. */
export interface EntrySignature {
  readonly form: 'certificate' | 'public-key';
  /** DER of the certificate, or SPKI DER of the key: not known to be base64 until it is decoded. */
  readonly verifier: string;
  /** What the entry calls the key; empty where it does not say. */
  readonly keyDetails: string;
  /** Empty where the entry does not hold it. */
  readonly signature: string;
}

/** A digest that an entry holds. */
export interface EntryDigest {
  /**
   * `signed`: of the very bytes that the signature covers (for DSSE: the pre-authentication encoding). `payload`: of the
   * bare payload. `envelope`: of the whole envelope. `artifact`: of a file whose signature is of a form of its own.
   */
  readonly of: 'signed' | 'payload' | 'envelope' | 'artifact';
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  /** Base64, not known to be so until it is decoded. */
  readonly digest: string;
}

/** What an entry says, whatever log wrote it. */
export interface DecodedEntry {
  /** Kind and version: `hashedrekord 0.0.2`. */
  readonly kind: string;
  /** The first of `digests`: what the entry is about. Null where it names none. */
  readonly digestAlgorithm: EntryDigest['algorithm'] | null;
  readonly digest: string | null;
  readonly digestOf: EntryDigest['of'] | null;
  readonly digests: readonly EntryDigest[];
  readonly signatures: readonly EntrySignature[];
  /**
   * `stated`: the kind is known, and says who signed. `found`: certificates and keys that stand somewhere in an entry of
   * another kind; whether they signed it is not known.
   */
  readonly signers: 'stated' | 'found';
}

export interface UndecidedEntry {
  /** Why, for people. */
  readonly undecided: string;
  /** What the entry calls itself, where that can be read. */
  readonly kind: string | null;
}

/** Reads one entry; never throws. `bytes` must already be bound to a signed root. */
export function decodeEntry(bytes: Uint8Array): DecodedEntry | UndecidedEntry {
  return readEntry(bytes) ?? { undecided: whyUndecided(bytes), kind: sniffKind(bytes) };
}

/** An entry of a known kind; null for any other. The hot path: what each entry of a log gets. */
export function readEntry(bytes: Uint8Array): DecodedEntry | null {
  // Octet for octet. The values are parts of this one string: nothing more of the entry is copied.
  const text = asBuffer(bytes).toString('latin1');
  return readHashedRekord(new LiteralReader(text)) ?? readDsse(new LiteralReader(text));
}

/**
 * Decodes a certificate or key into `target`, and gives its length; null where it is no base64. Quick rather than
 * strict, for it runs on every entry: what is stored goes through `decodeEntryBase64`.
 */
export function decodeVerifier(verifier: string, target: Buffer): number | null {
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

const MAX_SIGNATURES = 32;

const HASHED_REKORD = '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"';
const DSSE = '{"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":"';
const ALGORITHMS = [
  ['SHA2_256', 'sha256'],
  ['SHA2_384', 'sha384'],
  ['SHA2_512', 'sha512'],
] as const;

function readHashedRekord(r: LiteralReader): DecodedEntry | null {
  if (!r.literal(HASHED_REKORD)) return null;
  const digest = readDigest(r, 'signed');
  if (!digest || !r.literal('"},"signature":')) return null;
  const signature = readSignature(r);
  if (!signature || !r.literal('}}}') || !r.atEnd()) return null;
  return entryOf('hashedrekord 0.0.2', digest, [signature]);
}

function readDsse(r: LiteralReader): DecodedEntry | null {
  if (!r.literal(DSSE)) return null;
  const digest = readDigest(r, 'payload');
  if (!digest || !r.literal('"},"signatures":[')) return null;
  const signatures: EntrySignature[] = [];
  do {
    const signature = readSignature(r);
    if (!signature || signatures.length === MAX_SIGNATURES) return null;
    signatures.push(signature);
  } while (r.literal(','));
  if (!r.literal(']}}}') || !r.atEnd()) return null;
  return entryOf('dsse 0.0.2', digest, signatures);
}

function entryOf(kind: string, digest: EntryDigest, signatures: readonly EntrySignature[]): DecodedEntry {
  return {
    kind,
    digestAlgorithm: digest.algorithm,
    digest: digest.digest,
    digestOf: digest.of,
    digests: [digest],
    signatures,
    signers: 'stated',
  };
}

function readDigest(r: LiteralReader, of: EntryDigest['of']): EntryDigest | null {
  const known = ALGORITHMS.find(([name]) => r.literal(name));
  if (!known || !r.literal('","digest":"')) return null;
  const digest = r.token();
  return digest === null ? null : { of, algorithm: known[1], digest };
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
  return verifier !== null && r.literal('"}}}') ? { form, verifier, keyDetails, signature } : null;
}

/** What base64 and the names of algorithms are made of: nothing that JSON could write in a second way. */
const TOKEN = /[A-Za-z0-9+/=_]+/y;
const QUOTE = '"';

/** Follows text literal by literal. */
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

  /** Up to the next quotation mark; null where that is no token, or nothing. */
  token(): string | null {
    TOKEN.lastIndex = this.#at;
    if (!TOKEN.test(this.#text) || this.#text[TOKEN.lastIndex] !== QUOTE) return null;
    return this.#take(TOKEN.lastIndex);
  }

  /** As `token`, without looking at what it is made of. */
  upToQuote(): string | null {
    const to = this.#text.indexOf(QUOTE, this.#at);
    return to <= this.#at ? null : this.#take(to);
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  #take(to: number): string {
    const taken = this.#text.slice(this.#at, to);
    this.#at = to;
    return taken;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function whyUndecided(bytes: Uint8Array): string {
  const text = asBuffer(bytes).toString('latin1', 0, 100);
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
