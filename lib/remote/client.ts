import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher, errors } from 'undici';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { guardedLookup, PrivateAddressError, type Resolve, resolvePublic } from './guarded-lookup.ts';

export interface RemoteOptions {
  /** Who asks, and how to reach them. */
  readonly userAgent: string;
  /** Milliseconds without an answer, or between two pieces of it. */
  readonly timeout?: number;
  /** Milliseconds for one whole answer. */
  readonly deadline?: number;
  /** Attempts in all for one request that failed in a way that may pass. */
  readonly attempts?: number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Connect to addresses of the public network alone, whatever names lead to; false where not said. */
  readonly publicOnly?: boolean;
  /** Of tests: where names lead. */
  readonly resolve?: Resolve;
}

export interface RemoteRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Most bytes that the answer may have. */
  readonly limit: number;
  /** Statuses that are answers here; 200 alone where not said. Every other one is a FetchError. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface RemoteAnswer {
  readonly status: number;
  /** The first value of a header; null where it is absent. */
  header(name: string): string | null;
  readonly bytes: Uint8Array;
}

const FIRST_DELAY = 500;
/** A longer wait than this ends the round: the source is asked again when its time comes. */
const LONGEST_RETRY_AFTER = 10_000;
const CONNECTIONS = 4;

/**
 * Asks servers that sources are polled from: requests with headers and a body, answers bounded in size and time.
 * Redirects are never followed here; whoever may follow one decides where to.
 */
export class RemoteClient {
  readonly #options: Required<Omit<RemoteOptions, 'resolve'>>;
  readonly #resolve: Resolve | undefined;
  readonly #agent: Agent;

  constructor({ resolve, ...options }: RemoteOptions) {
    this.#resolve = resolve;
    this.#options = {
      timeout: 20_000,
      deadline: 120_000,
      attempts: 3,
      sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
      publicOnly: false,
      ...options,
    };
    const { timeout, publicOnly } = this.#options;
    this.#agent = new Agent({
      connections: CONNECTIONS,
      connect: publicOnly ? { timeout, lookup: guardedLookup(resolve) } : { timeout },
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
  }

  /** @throws {FetchError} for every status that is not accepted, and where nothing usable comes. */
  async send(url: string, request: RemoteRequest): Promise<RemoteAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(url, request);
      } catch (error) {
        request.signal?.throwIfAborted();
        const failure = toFetchError(error, url);
        const wait = failure.retryAfter ?? 0;
        if (!failure.isPassing || attempt >= this.#options.attempts || wait > LONGEST_RETRY_AFTER) throw failure;
        await this.#options.sleep(Math.max(wait, FIRST_DELAY * 2 ** (attempt - 1)), request.signal);
      }
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #once(url: string, request: RemoteRequest): Promise<RemoteAnswer> {
    const overdue = AbortSignal.timeout(this.#options.deadline);
    const signal = request.signal ? AbortSignal.any([request.signal, overdue]) : overdue;
    const { origin, pathname, search, hostname } = new URL(url);
    // A literal address is never looked up by the socket.
    if (this.#options.publicOnly) await resolvePublic(hostname, this.#resolve);
    const answer = await this.#agent.request({
      origin,
      path: pathname + search,
      method: request.method ?? 'GET',
      headers: { 'user-agent': this.#options.userAgent, ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal,
    });
    const { statusCode: status, headers } = answer;
    const header = (name: string) => firstOf(headers[name]);
    if (!(request.accept ?? [200]).includes(status)) {
      abandon(answer.body);
      throw statusError(url, status, header('retry-after'));
    }
    return { status, header, bytes: await readBounded(answer.body, url, request.limit) };
  }
}

async function readBounded(body: Dispatcher.ResponseData['body'], url: string, limit: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += (piece as Buffer).length;
    if (size > limit) {
      abandon(body);
      throw new FetchError('too-large', url, `${url} is larger than the ${limit} bytes that such an answer may have.`);
    }
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces, size);
}

/** What is left of a body may be of any length. That it ends early is our own doing, and no error to be raised. */
function abandon(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}

function statusError(url: string, status: number, retryAfter: string | null): FetchError {
  const wait = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : null;
  if (status === 404 || status === 410) {
    return new FetchError('not-found', url, `${url} answered ${status}: it is not there.`);
  }
  if (status === 429) return new FetchError('rate-limited', url, `${url} answered 429: too many requests.`, wait);
  if (status >= 500) return new FetchError('server-error', url, `${url} answered ${status}.`, wait);
  const hint =
    status === 401 || status === 403 ? 'it wants other credentials than the ones configured' : 'it is of no use';
  return new FetchError('unexpected-status', url, `${url} answered ${status}: ${hint}.`);
}

function toFetchError(error: unknown, url: string): FetchError {
  if (error instanceof FetchError) return error;
  const isOverdue =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError ||
    (error as Error | null)?.name === 'TimeoutError';
  if (isOverdue) return new FetchError('timeout', url, `${url} did not answer in time.`);
  if (error instanceof PrivateAddressError) {
    const why = 'What was set in the browser leads nowhere else; set it in the file if that is meant';
    return new FetchError('unexpected-status', url, `${url} is not asked: it is not on the public network. ${why}.`);
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'UND_ERR_SOCKET') {
    return new FetchError('truncated', url, `${url} ended in the middle of its answer.`);
  }
  return new FetchError('unreachable', url, `${url} cannot be reached: ${(error as Error).message}.`);
}

function firstOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
