import { decodeBase64, encodeBase64 } from './base64.ts';
import { quote, TlogError } from './error.ts';

/** C2SP signed-note: text, an empty line, and signature lines `— name base64(key id || signature)`. */

/** One signature line. Its name is only what the line says until the signature has verified. */
export interface NoteSignature {
  readonly name: string;
  /** Unsigned 32-bit. */
  readonly keyId: number;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** What is signed: the text with its final newline, without the empty line behind it. */
  readonly text: Uint8Array;
  readonly signatures: readonly NoteSignature[];
}

/** A known key. Name and key id together say which signature lines are its own. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  /** Whether `signature` is this key's over `text`. Never throws, whatever the bytes. */
  verify(text: Uint8Array, signature: Uint8Array): boolean;
  /** True where this platform cannot check the key's kind of signature; then `verify` is not asked. */
  readonly isUncheckable?: boolean;
}

export interface OpenedNote<V extends NoteVerifier = NoteVerifier> {
  readonly text: Uint8Array;
  /** For each known key that signed, its first line. */
  readonly verified: readonly { readonly verifier: V; readonly signature: NoteSignature }[];
  /** Lines of unknown keys, which prove nothing. */
  readonly unverified: readonly NoteSignature[];
  /** Lines of known keys that cannot be checked on this platform, which prove nothing here. */
  readonly unchecked: readonly { readonly verifier: V; readonly signature: NoteSignature }[];
}

export const MAX_NOTE_BYTES = 64 * 1024;
export const MAX_NOTE_SIGNATURES = 100;

const NEWLINE = 0x0a;
const FIRST_PRINTABLE = 0x20;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^— ([^\p{White_Space}+]+) ([A-Za-z0-9+/=]+)$/u;
const KEY_NAME = /^[^\p{White_Space}+]+$/u;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Splits a note into its text and signature lines. Throws `bad-note`; verifies nothing. */
export function parseNote(bytes: Uint8Array): SignedNote {
  if (bytes.length > MAX_NOTE_BYTES) {
    throw new TlogError('bad-note', `A note has at most ${MAX_NOTE_BYTES} bytes, this one has ${bytes.length}`);
  }
  decodeNoteText(bytes);
  const textEnd = lastEmptyLine(bytes);
  const lines = decodeNoteText(bytes.subarray(textEnd + 1)).split('\n');
  if (lines.pop() !== '' || lines.length === 0) {
    throw new TlogError('bad-note', 'The empty line of a note is followed by whole signature lines');
  }
  if (lines.length > MAX_NOTE_SIGNATURES) {
    throw new TlogError('bad-note', `A note has at most ${MAX_NOTE_SIGNATURES} signatures, not ${lines.length}`);
  }
  return { text: bytes.slice(0, textEnd), signatures: lines.map(parseSignatureLine) };
}

/**
 * The text of a note that at least one of `verifiers` signed. Every line is read, also behind a good one:
 * a line of a known key that does not verify refuses the whole note (`bad-signature`), lines of unknown keys are
 * passed over, as are those that this platform cannot check, and further good lines of the same key. Throws `unsigned` if no known key signed.
 */
export function openNote<V extends NoteVerifier>(bytes: Uint8Array, verifiers: readonly V[]): OpenedNote<V> {
  const { text, signatures } = parseNote(bytes);
  const verified = new Map<V, NoteSignature>();
  const unverified: NoteSignature[] = [];
  const unchecked: { verifier: V; signature: NoteSignature }[] = [];
  for (const signature of signatures) {
    const verifier = findVerifier(verifiers, signature);
    if (verifier === undefined) {
      unverified.push(signature);
    } else if (verifier.isUncheckable) {
      unchecked.push({ verifier, signature });
    } else if (!verifier.verify(text, signature.signature)) {
      throw new TlogError('bad-signature', `The signature of the known key ${describe(signature)} does not verify`);
    } else if (!verified.has(verifier)) {
      verified.set(verifier, signature);
    }
  }
  if (verified.size === 0) {
    const [line] = unchecked;
    if (line !== undefined) {
      throw new TlogError(
        'unsigned',
        `The signature of ${describe(line.signature)} cannot be checked on this platform`,
      );
    }
    const found = unverified.slice(0, 3).map(describe).join(', ');
    throw new TlogError('unsigned', `No known key signed the note; it is signed by ${found}`);
  }
  const lines = Array.from(verified, ([verifier, signature]) => ({ verifier, signature }));
  return { text, verified: lines, unverified, unchecked };
}

/** The note of `text` and signature lines. Throws `bad-note` if they make none that `parseNote` would read alike. */
export function formatNote(text: Uint8Array, signatures: readonly NoteSignature[]): Uint8Array {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const bytes = new Uint8Array(KEY_ID_BYTES + signature.length);
    new DataView(bytes.buffer).setUint32(0, keyId);
    bytes.set(signature, KEY_ID_BYTES);
    return `— ${name} ${encodeBase64(bytes)}\n`;
  });
  const note = new TextEncoder().encode(`${decodeNoteText(text)}\n${lines.join('')}`);
  const parsed = parseNote(note);
  if (parsed.text.length !== text.length || parsed.signatures.length !== signatures.length) {
    throw new TlogError('bad-note', 'The text of a note ends in a newline, and no name or text makes a further line');
  }
  return note;
}

/** Decodes the text of a note: valid UTF-8 without control characters but newlines, or `bad-note`. */
export function decodeNoteText(bytes: Uint8Array): string {
  const control = bytes.findIndex((byte) => byte < FIRST_PRINTABLE && byte !== NEWLINE);
  if (control >= 0) throw new TlogError('bad-note', `A note has no control characters, byte ${control} is one`);
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new TlogError('bad-note', 'A note is valid UTF-8', { cause });
  }
}

/** Whether `name` can be that of a note key: not empty, no Unicode white space, no plus, no control characters. */
export function isKeyName(name: string): boolean {
  return (
    KEY_NAME.test(name) && name.isWellFormed() && new TextEncoder().encode(name).every((b) => b >= FIRST_PRINTABLE)
  );
}

/** Index of the newline that makes the last empty line: the text may have empty lines of its own. */
function lastEmptyLine(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at > 0; at--) {
    if (bytes[at] === NEWLINE && bytes[at - 1] === NEWLINE) return at;
  }
  throw new TlogError('bad-note', 'A note has an empty line between its text and its signatures');
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || base64 === undefined) {
    throw new TlogError('bad-note', `Not a signature line: ${quote(line)}`);
  }
  const bytes = decodeSignature(base64);
  if (bytes.length <= KEY_ID_BYTES) throw new TlogError('bad-note', `Without a signature: ${quote(line)}`);
  const keyId = new DataView(bytes.buffer).getUint32(0);
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
}

function decodeSignature(base64: string): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch (cause) {
    throw new TlogError('bad-note', `Not a signature in canonical base64: ${quote(base64)}`, { cause });
  }
}

function findVerifier<V extends NoteVerifier>(verifiers: readonly V[], line: NoteSignature): V | undefined {
  const matching = verifiers.filter((known) => known.name === line.name && known.keyId === line.keyId);
  if (matching.length > 1) throw new TlogError('bad-key', `Two known keys are both ${describe(line)}; remove one`);
  return matching[0];
}

function describe({ name, keyId }: NoteSignature): string {
  return `${quote(name)} (key id ${keyId.toString(16).padStart(8, '0')})`;
}
