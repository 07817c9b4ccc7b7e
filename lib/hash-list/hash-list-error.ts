/** Why bytes were not taken as a list of hashes. */
export type HashListErrorCode =
  | 'too-large'
  | 'too-many-files'
  | 'empty'
  | 'not-text'
  | 'not-json'
  | 'unknown-form'
  | 'bad-line'
  | 'bad-field'
  | 'bad-path'
  | 'bad-digest'
  | 'unsupported-hash'
  | 'mixed-hashes'
  | 'doubled-path'
  | 'bad-statement';

/** A list of hashes that cannot be used. The message says in a sentence what is wrong, where, and how to mend it. */
export class HashListError extends Error {
  override readonly name = 'HashListError';
  readonly code: HashListErrorCode;
  /** The line (`line 3`) or field (`files[2].digest`) at fault; null where it is the list as a whole. */
  readonly at: string | null;

  constructor(code: HashListErrorCode, message: string, at: string | null = null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
