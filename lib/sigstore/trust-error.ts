/** Why a trust root was not taken. */
export type TrustErrorCode =
  | 'unreadable'
  | 'not-a-trusted-root'
  | 'bad-field'
  | 'bad-key'
  | 'bad-certificate'
  | 'no-validity-start'
  | 'bad-validity'
  | 'unknown-log-id'
  | 'unreachable';

/** The message says what is wrong, where, and how to mend it. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
  readonly code: TrustErrorCode;

  constructor(code: TrustErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
