/** A message was not delivered. The text has no more of an address than its host, no secret, and nothing of an answer's body. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** `never`: trying again cannot help. `unlikely`: what was configured or sent is at fault. `maybe`: it may pass. */
  readonly hope: 'never' | 'unlikely' | 'maybe';
  /** Milliseconds that the receiver asked to wait; null where it did not. */
  readonly retryAfter: number | null;

  constructor(message: string, hope: DeliveryError['hope'], retryAfter: number | null = null) {
    super(message);
    this.hope = hope;
    this.retryAfter = retryAfter;
  }
}
