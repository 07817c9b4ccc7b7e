/** Why somebody is not let in, where a page has words of its own for it. */
export type RefusalReason = 'disabled' | 'no-role' | 'other';

/** Somebody may not, or not so. The message is for whoever asks, and tells nothing of others' accounts. */
export class AccessRefusedError extends Error {
  override readonly name = 'AccessRefusedError';
  readonly reason: RefusalReason;

  constructor(message: string, reason: RefusalReason = 'other') {
    super(message);
    this.reason = reason;
  }
}
