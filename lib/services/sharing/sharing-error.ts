export type SharingProblem =
  | 'no-target'
  | 'bad-slug'
  | 'slug-taken'
  | 'published-already'
  | 'not-published'
  | 'bad-parts';

/** What was asked of sharing cannot be done. The message says why, and how to mend it. */
export class SharingError extends Error {
  override readonly name = 'SharingError';
  readonly code: SharingProblem;

  constructor(code: SharingProblem, message: string) {
    super(message);
    this.code = code;
  }
}
