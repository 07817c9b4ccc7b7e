/** A job failed in a way that was expected, and says itself when to try again. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Milliseconds. */
  readonly wait: number;

  constructor(message: string, wait: number, options?: ErrorOptions) {
    super(message, options);
    this.wait = wait;
  }
}
