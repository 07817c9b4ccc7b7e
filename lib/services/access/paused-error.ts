/** Too many attempts failed; none is made before `until`. The same for accounts that are not there. */
export class PausedError extends Error {
  override readonly name = 'PausedError';
  /** Milliseconds since the epoch. */
  readonly until: number;

  constructor(until: number) {
    super('Too many attempts have failed. Wait a little before the next.');
    this.until = until;
  }
}
