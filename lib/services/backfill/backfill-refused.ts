/** A search back that makes no sense here; the message says why, in one sentence. */
export class BackfillRefusedError extends Error {
  override readonly name = 'BackfillRefusedError';
}
