/** Why a mirror did not take, or cannot give, what was asked. */
export type MirrorErrorCode =
  /** An entry is longer than an entry bundle can hold. */
  | 'entry-too-long'
  /** What is to be written would go beyond the limit in bytes. */
  | 'limit'
  /** Entries that do not follow the ones that the mirror has. */
  | 'out-of-order'
  /** A checkpoint of another size than the mirror has entries, or whose note says something else than is claimed. */
  | 'wrong-checkpoint'
  /** The entries written give another root than the checkpoint. */
  | 'root-mismatch'
  /** Files of the mirror are missing, or are not what was written. */
  | 'damaged'
  /** A file could not be read or written; the store must be opened anew. */
  | 'not-writable';

/** A mirror on disk refused something. The message says what, where, and how to mend it. */
export class MirrorError extends Error {
  override readonly name = 'MirrorError';
  readonly code: MirrorErrorCode;

  constructor(code: MirrorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
