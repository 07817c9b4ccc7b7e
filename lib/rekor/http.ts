import { setTimeout as delay } from 'node:timers/promises';
import { Agent, errors } from 'undici';
import { AnswerMemory } from './answer-memory.ts';
import { FetchError } from './fetch-error.ts';
import { HttpReceiver, truncated } from './http-receiver.ts';
import { InFlight } from './in-flight.ts';

export interface HttpOptions {
  /** Who asks, and how to reach them: logs throttle clients that do not say. */
  readonly userAgent: string;
  /** Requests under way at once at most, each on a connection that is kept alive; fewer while the server asks for less. */
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

/** What is asked for: a GET, or with a body a POST of JSON. */
interface Asked {
  readonly url: string;
  /** Most bytes that the answer may have. */
  readonly limit: number;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads bytes with a size limit, retrying what may pass: network errors, 429 and 5xx, with jittered exponential back-off,
 * and `Retry-After` where the server gives one. 429 and 503 also halve the requests under way. Redirects are not followed:
 * a log lives where its operator says.
 */
export class HttpReader {
  readonly #options: Required<HttpOptions>;
  readonly #agent: Agent;
  readonly #inFlight: InFlight;
  readonly #memory = new AnswerMemory();

  constructor(options: HttpOptions) {
    this.#options = {
      attempts: 5,
      timeout: 20_000,
      deadline: 120_000,
      sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
      random: Math.random,
      ...options,
    };
    this.#inFlight = new InFlight(options.connections);
    this.#agent = new Agent({
      connections: options.connections,
      connect: { timeout: this.#options.timeout },
      headersTimeout: this.#options.timeout,
      bodyTimeout: this.#options.timeout,
      keepAliveTimeout: 30_000,
    });
  }

  /** @throws {FetchError} */
  get(url: string, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#read({ url, limit, signal });
  }

  /** POSTs JSON to an endpoint that only reads, so that asking again is safe. @throws {FetchError} */
  post(url: string, json: unknown, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#read({ url, limit, signal, body: JSON.stringify(json) });
  }

  /** Gives back the memory of an answer that nobody looks at any more. What is never given back is collected. */
  release(answer: Uint8Array): void {
    this.#memory.give(answer);
  }

  /** Requests that may be under way now. */
  get allowed(): number {
    return this.#inFlight.allowed;
  }

  async #read(asked: Asked): Promise<Uint8Array> {
    const { url, signal } = asked;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#inFlight.run(() => this.#once(asked), isTooMuch);
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

  async #once({ url, limit, body, signal }: Asked): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const { origin, pathname, search } = new URL(url);
    const receiver = new HttpReceiver(url, limit, this.#memory);
    const stop = () => receiver.stop(signal?.reason);
    signal?.addEventListener('abort', stop);
    const deadline = setTimeout(() => receiver.stop(overdue(url)), this.#options.deadline);
    try {
      const headers = {
        'user-agent': this.#options.userAgent,
        ...(body !== undefined && { 'content-type': 'application/json', accept: 'application/json' }),
      };
      const method = body === undefined ? 'GET' : 'POST';
      this.#agent.dispatch({ origin, path: pathname + search, method, headers, body: body ?? null }, receiver);
      return await receiver.received;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** What a server answers that wants fewer requests: 429, and 503 of one that is overloaded. */
function isTooMuch(error: unknown): boolean {
  return error instanceof FetchError && error.asksForLess;
}

function overdue(url: string): FetchError {
  return new FetchError('timeout', url, `${url} did not answer in time.`);
}

function asFetchError(error: unknown, url: string): FetchError {
  if (error instanceof FetchError) return error;
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  ) {
    return overdue(url);
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'UND_ERR_SOCKET') {
    return truncated(url);
  }
  return new FetchError('unreachable', url, `${url} cannot be reached: ${(error as Error).message}.`);
}
