/** A session was not renewed: the provider wants to ask, or speaks of somebody else. Whoever it is signs in again. */
export class NotRenewedError extends Error {
  override readonly name = 'NotRenewedError';
  /** Where they wanted to go. */
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}
