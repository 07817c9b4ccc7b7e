import { decodeBase64, encodeBase64 } from './base64.ts';
import type { CosignatureVerifier } from './cosignature.ts';
import { quote, TlogError } from './error.ts';
import { checkHash, EMPTY_ROOT, equalBytes } from './hash.ts';
import { decodeNoteText, type NoteVerifier, type OpenedNote, openNote } from './note.ts';
import { parseDecimal } from './size.ts';

/** C2SP tlog-checkpoint: a note whose text is origin, tree size and root hash of a log, a line each. */
export interface Checkpoint {
  /** Which log this is of; need not be a URL. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Lines behind the root: opaque, never empty, signed by the log all the same. */
  readonly extensions: readonly string[];
}

/** What a checkpoint is opened with. */
export interface CheckpointPolicy {
  readonly origin: string;
  /** Keys of the log itself. Their name may differ from the origin, as in Rekor v1. */
  readonly verifiers: readonly NoteVerifier[];
  readonly cosigners?: readonly CosignatureVerifier[];
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: OpenedNote;
  /**
   * Known cosigners that signed too, by the names of their keys; `timestamp` is in seconds since the epoch, 0 where an
   * ML-DSA cosigner makes no statement of time.
   */
  readonly cosignatures: readonly { readonly name: string; readonly timestamp: number }[];
}

/**
 * Opens a checkpoint of the log with the policy's origin. Throws `bad-note`, `bad-signature` or `unsigned` unless
 * one of the log's own keys signed (a cosigner alone does not do), `bad-checkpoint`, and `wrong-origin`.
 */
export function openCheckpoint(noteBytes: Uint8Array, policy: CheckpointPolicy): OpenedCheckpoint {
  const { origin, verifiers, cosigners = [] } = policy;
  const note = openNote<NoteVerifier>(noteBytes, [...verifiers, ...cosigners]);
  if (!note.verified.some(({ verifier }) => verifiers.includes(verifier))) {
    throw new TlogError('unsigned', `Only cosigners signed the checkpoint, no key of the log ${quote(origin)}`);
  }
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) {
    throw new TlogError('wrong-origin', `A checkpoint of ${quote(checkpoint.origin)}, expected ${quote(origin)}`);
  }
  const cosignatures = cosigners.flatMap((cosigner) => {
    const line = note.verified.find(({ verifier }) => verifier === cosigner)?.signature;
    return line === undefined ? [] : [{ name: line.name, timestamp: cosigner.timestamp(line.signature) }];
  });
  return { checkpoint, note, cosignatures };
}

/** Reads the text of a checkpoint; who signed it is `openCheckpoint`'s matter. Throws `bad-note` or `bad-checkpoint`. */
export function parseCheckpoint(text: Uint8Array): Checkpoint {
  const lines = decodeNoteText(text).split('\n');
  const [origin, decimal, base64, ...extensions] = lines.slice(0, -1);
  if (lines.at(-1) !== '' || lines.slice(0, -1).includes('')) {
    throw new TlogError('bad-checkpoint', 'A checkpoint has no empty lines and ends in a newline');
  }
  if (origin === undefined || decimal === undefined || base64 === undefined) {
    throw new TlogError('bad-checkpoint', 'A checkpoint has at least three lines: origin, tree size, root hash');
  }
  const size = parseDecimal(decimal);
  if (size === undefined) throw new TlogError('bad-checkpoint', `Not a tree size: ${quote(decimal)}`);
  const root = parseRoot(base64);
  if (size === 0 && !equalBytes(root, EMPTY_ROOT)) {
    throw new TlogError('bad-checkpoint', 'The root of an empty tree is the hash of nothing');
  }
  return { origin, size, root, extensions };
}

/** The text of a checkpoint, to be signed. Throws `bad-note` or `bad-checkpoint` if `parseCheckpoint` would. */
export function formatCheckpoint(checkpoint: Omit<Checkpoint, 'extensions'> & Partial<Checkpoint>): Uint8Array {
  const { origin, size, root, extensions = [] } = checkpoint;
  const lines = [origin, String(size), encodeBase64(root), ...extensions];
  const text = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const parsed = parseCheckpoint(text);
  if (parsed.origin !== origin || parsed.extensions.length !== extensions.length) {
    throw new TlogError('bad-checkpoint', 'A line of a checkpoint has no newline in it');
  }
  return text;
}

function parseRoot(base64: string): Uint8Array {
  try {
    const root = decodeBase64(base64);
    checkHash(root);
    return root;
  } catch (cause) {
    throw new TlogError('bad-checkpoint', `Not a root hash of 32 bytes in base64: ${quote(base64)}`, { cause });
  }
}
