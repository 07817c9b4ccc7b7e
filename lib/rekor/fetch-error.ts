/** Why a log could not be read. Each is a fault on the Logs page under this very code. */
export type FetchErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'not-found'
  | 'rate-limited'
  | 'server-error'
  | 'unexpected-status'
  | 'too-large'
  | 'truncated';

/** A request that failed for good: after the attempts that were worth making. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly code: FetchErrorCode;
  readonly url: string;
  /** Milliseconds that the server asked us to stay away for, where it did. */
  readonly retryAfter: number | null;
  /** Whether the server has more requests than it wants: 429 or 503. */
  readonly asksForLess: boolean;

  constructor(
    code: FetchErrorCode,
    url: string,
    message: string,
    retryAfter: number | null = null,
    asksForLess = code === 'rate-limited',
  ) {
    super(message);
    this.code = code;
    this.url = url;
    this.retryAfter = retryAfter;
    this.asksForLess = asksForLess;
  }

  /** Whether the same request may succeed a little later. */
  get isPassing(): boolean {
    return this.code !== 'not-found' && this.code !== 'too-large' && this.code !== 'unexpected-status';
  }
}
