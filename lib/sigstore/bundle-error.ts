/** Why a file was not taken as a Sigstore bundle. */
export type BundleErrorCode =
  | 'too-large'
  | 'not-json'
  | 'duplicate-key'
  | 'not-a-bundle'
  | 'unknown-media-type'
  | 'unsupported-content'
  | 'malformed-field';

/** A file that cannot be read as a bundle: what is wrong in one sentence, and how to mend it in another. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleErrorCode;
  readonly reason: string;
  readonly mend: string;
  /** The field or character at fault; null where it is the file as a whole. */
  readonly at: string | null;

  constructor(code: BundleErrorCode, reason: string, mend: string, at: string | null = null) {
    super(`${reason} ${mend}`);
    this.code = code;
    this.reason = reason;
    this.mend = mend;
    this.at = at;
  }
}

/** A field that is missing, of another type, too large, or written in a second way. */
export function malformed(path: string, problem: string): BundleError {
  return new BundleError(
    'malformed-field',
    `The bundle's ${path} ${problem}.`,
    'Take the bundle as the signing client wrote it, or sign again.',
    path,
  );
}
