import { setTimeout as delay } from 'node:timers/promises';
import { Agent, errors, request } from 'undici';
import { FetchError } from './fetch-error.ts';

export interface HttpOptions {
  /** Who asks, and how to reach them: logs throttle clients that do not say. */
  readonly userAgent: string;
  /** Requests under way at once, each on a connection that is kept alive. */
  readonly connections: number;
  /** Attempts in all for one resource. */
  readonly attempts?: number;
  /** Milliseconds without an answer, or between two pieces of it. */
  readonly timeout?: number;
  /** Milliseconds for one whole answer, so that a server that drips bytes holds nothing up for ever. */
  readonly deadline?: number;
  /** Waits between attempts; tests pass their own. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  readonly random?: () => number;
}

const FIRST_DELAY = 250;
const LONGEST_DELAY = 15_000;
/** A longer wait than this is not slept through: the fault is shown, and the next round asks again. */
const LONGEST_RETRY_AFTER = 30_000;

/**
 * GETs bytes with a size limit, retrying what may pass: network errors, 429 and 5xx, with jittered exponential back-off,
 * and `Retry-After` where the server gives one. Redirects are not followed: a log lives where its operator says.
 */
export class HttpReader {
  readonly #options: Required<HttpOptions>;
  readonly #agent: Agent;

  constructor(options: HttpOptions) {
    this.#options = {
      attempts: 5,
      timeout: 20_000,
      deadline: 120_000,
      sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
      random: Math.random,
      ...options,
    };
    this.#agent = new Agent({
      connections: options.connections,
      connect: { timeout: this.#options.timeout },
      headersTimeout: this.#options.timeout,
      bodyTimeout: this.#options.timeout,
      keepAliveTimeout: 30_000,
    });
  }

  /** @throws {FetchError} */
  async get(url: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(url, limit, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const failure = asFetchError(error, url);
        if (!failure.isPassing || attempt >= this.#options.attempts) throw failure;
        if (failure.retryAfter !== null && failure.retryAfter > LONGEST_RETRY_AFTER) throw failure;
        const backOff = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1)) * (0.5 + this.#options.random() / 2);
        await this.#options.sleep(Math.max(backOff, failure.retryAfter ?? 0), signal);
      }
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #once(url: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    const deadline = AbortSignal.timeout(this.#options.deadline);
    const response = await request(url, {
      dispatcher: this.#agent,
      headers: { 'user-agent': this.#options.userAgent },
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    if (response.statusCode !== 200) {
      // A body that keeps coming would hold the connection: undici's dump reads a little and then drops it.
      await response.body.dump({ limit: 16_384 });
      throw statusError(url, response.statusCode, header(response.headers['retry-after']));
    }
    const declared = Number(header(response.headers['content-length']) ?? Number.NaN);
    if (declared > limit) {
      response.body.destroy();
      throw tooLarge(url, limit);
    }
    return readLimited(response.body, url, limit, declared);
  }
}

async function readLimited(
  body: AsyncIterable<Buffer>,
  url: string,
  limit: number,
  declared: number,
): Promise<Uint8Array> {
  if (Number.isNaN(declared)) return readUndeclared(body, url, limit);
  // Memory of its own, filled as it comes: no second copy, and another thread can take it over.
  const bytes = Buffer.allocUnsafeSlow(declared);
  let size = 0;
  for await (const piece of body) {
    if (size + piece.length > declared) throw tooLarge(url, declared);
    size += piece.copy(bytes, size);
  }
  if (size !== declared) {
    throw new FetchError('truncated', url, `${url} announced ${declared} bytes and sent ${size}.`);
  }
  return bytes;
}

async function readUndeclared(body: AsyncIterable<Buffer>, url: string, limit: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > limit) throw tooLarge(url, limit);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}

function statusError(url: string, status: number, retryAfter: string | undefined): FetchError {
  const wait = retryAfter === undefined ? null : parseRetryAfter(retryAfter);
  if (status === 404 || status === 410)
    return new FetchError('not-found', url, `${url} answered ${status}: it is not there.`);
  if (status === 429) return new FetchError('rate-limited', url, `${url} answered 429: too many requests.`, wait);
  if (status >= 500) return new FetchError('server-error', url, `${url} answered ${status}.`, wait);
  return new FetchError(
    'unexpected-status',
    url,
    `${url} answered ${status}, where only 200 is of use; redirects are not followed.`,
  );
}

function asFetchError(error: unknown, url: string): FetchError {
  if (error instanceof FetchError) return error;
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError ||
    (error as Error).name === 'TimeoutError'
  ) {
    return new FetchError('timeout', url, `${url} did not answer in time.`);
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'UND_ERR_SOCKET') {
    return new FetchError('truncated', url, `${url} ended the connection in the middle of its answer.`);
  }
  return new FetchError('unreachable', url, `${url} cannot be reached: ${(error as Error).message}.`);
}

/** Seconds or an HTTP date (RFC 9110 10.2.3), in milliseconds from now; null where it is neither. */
function parseRetryAfter(value: string): number | null {
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function tooLarge(url: string, limit: number): FetchError {
  return new FetchError('too-large', url, `${url} is larger than the ${limit} bytes that such an answer may have.`);
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
