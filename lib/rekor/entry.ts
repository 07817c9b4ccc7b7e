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

/** Where in an entry's bytes a value stands. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** One signature of a located entry. */
export interface SignatureSpans {
  readonly form: 'certificate' | 'public-key';
  readonly verifier: Span;
  readonly keyDetails: Span;
  readonly signature: Span;
}

/** An entry of a known kind whose values are still where they were: nothing of it has been copied. */
export interface LocatedEntry {
  readonly kind: 'hashedrekord 0.0.2' | 'dsse 0.0.2';
  readonly digestAlgorithm: EntryDigest['algorithm'];
  readonly digest: Span;
  readonly signatures: readonly SignatureSpans[];
}

/** Reads one entry; never throws. `bytes` must already be bound to a signed root. */
export function decodeEntry(bytes: Uint8Array): DecodedEntry | UndecidedEntry {
  const entry = locateEntry(bytes);
  const buffer = asBuffer(bytes);
  const text = ({ from, to }: Span) => buffer.toString('latin1', from, to);
  if (!entry) return { undecided: whyUndecided(buffer), kind: sniffKind(bytes) };
  const algorithm = entry.digestAlgorithm;
  const digest = text(entry.digest);
  const of = entry.kind === 'dsse 0.0.2' ? 'payload' : 'signed';
  return {
    kind: entry.kind,
    digestAlgorithm: algorithm,
    digest,
    digestOf: of,
    digests: [{ of, algorithm, digest }],
    signers: 'stated',
    signatures: entry.signatures.map(({ form, verifier, keyDetails, signature }) => ({
      form,
      verifier: text(verifier),
      keyDetails: text(keyDetails),
      signature: text(signature),
    })),
  };
}

/** Finds the values of an entry of a known kind; null for any other. What most entries of a log get, and no more. */
export function locateEntry(bytes: Uint8Array): LocatedEntry | null {
  return locateHashedRekord(new LiteralReader(bytes)) ?? locateDsse(new LiteralReader(bytes));
}

/**
 * Decodes the certificate or key of a located signature into `target`, and gives its length; null where it is no base64.
 * Quick rather than strict, for it runs on every entry: what is stored goes through `decodeEntryBase64`.
 */
export function decodeVerifier(bytes: Uint8Array, { verifier }: SignatureSpans, target: Buffer): number | null {
  const text = asBuffer(bytes).toString('latin1', verifier.from, verifier.to);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = target.write(text, 'base64');
  // Node passes over what is not base64, so any stray character makes the result shorter.
  return text.length % 4 === 0 && length === (text.length / 4) * 3 - padding ? length : null;
}

/** The digest of a located entry. Quick rather than strict, as `decodeVerifier`: stray characters are passed over. */
export function decodeDigest(bytes: Uint8Array, { digest }: LocatedEntry): Buffer {
  return Buffer.from(asBuffer(bytes).toString('latin1', digest.from, digest.to), 'base64');
}

/** @throws {Error} where `text` is not canonical base64 (RFC 4648, padded, no stray bits). */
export function decodeEntryBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Error('not canonical base64');
  return bytes;
}

const MAX_SIGNATURES = 32;

const literal = (text: string) => Buffer.from(text, 'latin1');
const HASHED_REKORD = literal(
  '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"',
);
const DSSE = literal('{"apiVersion":"0.0.2","kind":"dsse","spec":{"dsseV002":{"payloadHash":{"algorithm":"');
const ALGORITHMS = [
  [literal('SHA2_256'), 'sha256'],
  [literal('SHA2_384'), 'sha384'],
  [literal('SHA2_512'), 'sha512'],
] as const;
const DIGEST = literal('","digest":"');
const SIGNATURE = literal('"},"signature":');
const SIGNATURES = literal('"},"signatures":[');
const CONTENT = literal('{"content":"');
const KEY_DETAILS = literal('","verifier":{"keyDetails":"');
const CERTIFICATE = literal('","x509Certificate":{"rawBytes":"');
const PUBLIC_KEY = literal('","publicKey":{"rawBytes":"');
const END_OF_SIGNATURE = literal('"}}}');
const COMMA = literal(',');
const END_OF_HASHED_REKORD = literal('}}}');
const END_OF_DSSE = literal(']}}}');

function locateHashedRekord(r: LiteralReader): LocatedEntry | null {
  if (!r.literal(HASHED_REKORD)) return null;
  const digest = locateDigest(r);
  if (!digest || !r.literal(SIGNATURE)) return null;
  const signature = locateSignature(r);
  if (!signature || !r.literal(END_OF_HASHED_REKORD) || !r.atEnd()) return null;
  return { kind: 'hashedrekord 0.0.2', ...digest, signatures: [signature] };
}

function locateDsse(r: LiteralReader): LocatedEntry | null {
  if (!r.literal(DSSE)) return null;
  const digest = locateDigest(r);
  if (!digest || !r.literal(SIGNATURES)) return null;
  const signatures: SignatureSpans[] = [];
  do {
    const signature = locateSignature(r);
    if (!signature || signatures.length === MAX_SIGNATURES) return null;
    signatures.push(signature);
  } while (r.literal(COMMA));
  if (!r.literal(END_OF_DSSE) || !r.atEnd()) return null;
  return { kind: 'dsse 0.0.2', ...digest, signatures };
}

function locateDigest(r: LiteralReader): Pick<LocatedEntry, 'digestAlgorithm' | 'digest'> | null {
  const known = ALGORITHMS.find(([name]) => r.literal(name));
  if (!known || !r.literal(DIGEST)) return null;
  const digest = r.token();
  return digest && { digestAlgorithm: known[1], digest };
}

function locateSignature(r: LiteralReader): SignatureSpans | null {
  if (!r.literal(CONTENT)) return null;
  const signature = r.token();
  if (!signature || !r.literal(KEY_DETAILS)) return null;
  const keyDetails = r.token();
  if (!keyDetails) return null;
  const form = r.literal(CERTIFICATE) ? 'certificate' : r.literal(PUBLIC_KEY) ? 'public-key' : null;
  if (!form) return null;
  const verifier = r.upToQuote();
  return verifier && r.literal(END_OF_SIGNATURE) ? { form, verifier, keyDetails, signature } : null;
}

/** What base64 and the names of algorithms are made of: nothing that JSON could write in a second way. */
const TOKEN_BYTES = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[A-Za-z0-9+/=_]/.test(String.fromCharCode(byte))),
);
const QUOTE = 0x22;

/** Follows bytes literal by literal. */
class LiteralReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  literal(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    // Past the end there is undefined, which no byte equals.
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  /** Up to the next quotation mark; null where that is no token, or nothing. */
  token(): Span | null {
    const from = this.#at;
    let to = from;
    while (TOKEN_BYTES[this.#bytes[to] ?? QUOTE] === 1) to++;
    if (to === from || this.#bytes[to] !== QUOTE) return null;
    this.#at = to;
    return { from, to };
  }

  /** As `token`, without looking at what it is made of. */
  upToQuote(): Span | null {
    const from = this.#at;
    const to = this.#bytes.indexOf(QUOTE, from);
    if (to <= from) return null;
    this.#at = to;
    return { from, to };
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function whyUndecided(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, 100);
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
