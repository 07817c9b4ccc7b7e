/** Why signed bytes were not taken as an in-toto statement, or a statement not as an OMS manifest. */
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
  | 'root-mismatch';

/** The message says in one sentence what is wrong and where. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  readonly code: StatementErrorCode;

  constructor(code: StatementErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
