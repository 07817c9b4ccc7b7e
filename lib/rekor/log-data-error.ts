/** What is wrong with bytes that a log (or something between it and us) sent. */
export type LogDataErrorCode =
  | 'malformed-note'
  | 'bad-signature'
  | 'wrong-origin'
  | 'expired-key'
  | 'malformed-tile'
  | 'malformed-bundle'
  | 'root-mismatch'
  | 'tile-mismatch'
  | 'entry-mismatch'
  | 'smaller-tree'
  | 'bad-proof'
  | 'withheld'
  | 'malformed-answer'
  | 'missing-entries'
  | 'bad-timestamp'
  | 'tree-mismatch'
  | 'inconsistent';

/**
 * Bytes that do not fit what the log signed. `evidence` holds signed bytes and proofs, so that a third party can judge.
 * Only contradictions between signed statements (`inconsistent`) prove misbehaviour of the log itself: anything else may
 * be a cache or a broken line in between, and is tried again.
 */
export class LogDataError extends Error {
  override readonly name = 'LogDataError';
  readonly code: LogDataErrorCode;
  readonly evidence: Readonly<Record<string, string>>;

  constructor(code: LogDataErrorCode, message: string, evidence: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.evidence = evidence;
  }

  get isMisbehaviour(): boolean {
    return this.code === 'inconsistent';
  }
}
