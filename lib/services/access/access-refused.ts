/** Somebody may not, or not so. The message is for whoever asks, and tells nothing of others' accounts. */
export class AccessRefusedError extends Error {
  override readonly name = 'AccessRefusedError';
}
