/** Why signed bytes were not taken as an in-toto statement, a statement not as an OMS manifest, or a predicate not as its kind. */
export type StatementErrorCode =
  | 'unreadable'
  | 'not-a-statement'
  | 'unknown-statement-type'
  | 'no-subject'
  | 'bad-subject'
  | 'bad-predicate-type'
  | 'not-a-model-signature'
  | 'bad-predicate'
  | 'bad-serialization'
  | 'bad-resource'
  | 'duplicate-resource'
  | 'bad-shards'
  | 'root-mismatch'
  | 'bad-attestation';

/** The message says in one sentence what is wrong and where. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly code: StatementErrorCode;
  /** The field at fault, `predicate.resources[3].digest`; null where it is the payload as a whole. */
  readonly at: string | null;

  constructor(code: StatementErrorCode, message: string, at: string | null = null) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
