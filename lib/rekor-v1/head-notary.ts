import { readCheckpoint, type SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { type LogKey, noteVerifiers } from '#lib/sigstore/log-key.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { parseNote } from '#lib/tlog/note.ts';
import { BoundedMap } from './bounded-map.ts';

/** Heads of other sizes come with entries while a log grows; of each the text is remembered. */
const MOST_NOTES = 1024;

/**
 * Reads the signed heads of one tree. Rekor v1 signs its head anew for every answer, so that the same statement comes
 * under ever new signatures: of each statement the first note is kept, and stands for all.
 */
export class HeadNotary {
  readonly origin: string;
  readonly #keys: readonly LogKey[];
  readonly #verified = new BoundedMap<string, SignedCheckpoint>(MOST_NOTES);

  /** @param keys of the server: any of them may sign. */
  constructor(origin: string, keys: readonly LogKey[]) {
    this.origin = origin;
    this.#keys = keys;
  }

  /** @throws {LogDataError} for a note that is malformed, of another tree, or not signed by the log. */
  read(note: string): SignedCheckpoint {
    const bytes = Buffer.from(note);
    const text = textOf(bytes);
    const known = text === null ? undefined : this.#verified.get(text);
    if (known) return known;
    const verifiers = this.#keys.flatMap(noteVerifiers);
    const head = readCheckpoint(bytes, { origin: this.origin, verifiers });
    if (head.extensions.length > 0) {
      throw new LogDataError(
        'malformed-note',
        `The checkpoint of ${this.origin} has lines that Rekor v1 does not write.`,
        {
          received: note,
        },
      );
    }
    if (text !== null) this.#verified.set(text, head);
    return head;
  }
}

/** What is signed; null for what is no note, which is then refused as such. */
function textOf(note: Uint8Array): string | null {
  try {
    return Buffer.from(parseNote(note).text).toString();
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
