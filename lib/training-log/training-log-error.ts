/** What is wrong with a training log. */
export type TrainingLogErrorCode =
  | 'no-header'
  | 'bad-line'
  | 'bad-entry'
  | 'wrong-order'
  | 'wrong-root'
  | 'behind-seal'
  | 'torn'
  | 'too-large'
  | 'not-sealed'
  | 'bad-state'
  | 'bad-receipt'
  | 'changed';

/** A training log, or a file beside it, that cannot be used. The message is a sentence for people. */
export class TrainingLogError extends Error {
  override readonly name = 'TrainingLogError';
  readonly code: TrainingLogErrorCode;
  /** The line at fault, from 1; null where it is the whole file. */
  readonly line: number | null;

  constructor(code: TrainingLogErrorCode, message: string, line: number | null = null) {
    super(line === null ? message : `Line ${line}: ${message}`);
    this.code = code;
    this.line = line;
  }
}
