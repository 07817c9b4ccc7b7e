/** More files are no model; a list of them would not be taken either. */
export const MAX_FILES = 100_000;

/** A file that somebody chose or dropped. Its bytes are read only to be hashed. */
export interface PickedFile {
  /** From the dropped folder, `/` between its parts. */
  readonly path: string;
  readonly file: File;
}

/** Something that was chosen, and cannot be hashed. */
export interface PickProblem {
  readonly path: string;
  /** A whole sentence: what, and how to mend it. */
  readonly reason: string;
}

export interface Picked {
  /** Of the one folder that all came in; null for loose files and for several folders. */
  readonly name: string | null;
  /** Sorted by path, each path once. */
  readonly files: readonly PickedFile[];
  readonly problems: readonly PickProblem[];
}

/** Too much was chosen; the message says how much is taken. */
export class PickError extends Error {
  override readonly name = 'PickError';
}

export function refuseTooMany(count: number): void {
  if (count <= MAX_FILES) return;
  throw new PickError(
    `There are more than ${MAX_FILES.toLocaleString('en-GB')} files. Choose the folder of one model, or hash it with "modeltrail hash" and paste the list.`,
  );
}
