import { parseCheckpoint } from '#lib/tlog/checkpoint.ts';
import { EMPTY_ROOT, equalBytes } from '#lib/tlog/hash.ts';
import { parseNote } from '#lib/tlog/note.ts';
import { MirrorError } from './mirror-error.ts';

/** The tree of the checkpoint that a mirror serves. */
export interface MirrorHead {
  readonly size: number;
  readonly root: Uint8Array;
}

export const NO_HEAD: MirrorHead = { size: 0, root: EMPTY_ROOT };

/** Reads what a note says. Who signed it was verified by whoever brought it, and is for every reader to verify. */
export function readHead(note: Uint8Array): MirrorHead & { readonly origin: string } {
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  return { origin, size, root };
}

/** As `readHead`; null for what is no checkpoint. */
export function tryReadHead(note: Uint8Array): ReturnType<typeof readHead> | null {
  try {
    return readHead(note);
  } catch {
    return null;
  }
}

/**
 * Reads the note of the log `origin` that should be of `claimed`.
 *
 * @throws {MirrorError} `wrong-checkpoint` where it says something else, or is none.
 */
export function readHeadOf(note: Uint8Array, origin: string, claimed: MirrorHead): void {
  const said = read(note, origin);
  if (said.origin !== origin || said.size !== claimed.size || !equalBytes(said.root, claimed.root)) {
    throw new MirrorError(
      'wrong-checkpoint',
      `The mirror of ${origin} was given a note of ${said.origin} of size ${said.size}, where one of size ${claimed.size} was announced.`,
    );
  }
}

function read(note: Uint8Array, origin: string): ReturnType<typeof readHead> {
  try {
    return readHead(note);
  } catch (error) {
    const message = `The mirror of ${origin} was given a checkpoint that is none: ${(error as Error).message}.`;
    throw new MirrorError('wrong-checkpoint', message, { cause: error });
  }
}
