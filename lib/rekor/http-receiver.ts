import type { Dispatcher } from 'undici';
import type { AnswerMemory } from './answer-memory.ts';
import { FetchError } from './fetch-error.ts';

/** So much of an error's page is read, to keep the connection; behind a longer one it is closed. */
const DISCARDED = 16_384;

/** Nobody can send us away for longer, in milliseconds: what cannot be asked is not seen. */
const LONGEST_ABSENCE = 3_600_000;

/**
 * Receives one answer straight into memory of its own, bounded before it is read. Below the stream of `fetch`: a tail
 * reads hundreds of megabytes a second, and each layer copies them once more.
 */
export class HttpReceiver implements Dispatcher.DispatchHandler {
  /** The whole answer; fails with a FetchError, with what `stop` was given, or with what the connection met. */
  readonly received: Promise<Uint8Array>;
  readonly #url: string;
  readonly #limit: number;
  readonly #memory: AnswerMemory;
  #resolve!: (bytes: Uint8Array) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #stopped: unknown = null;
  #failure: FetchError | null = null;
  /** Memory for the announced length; null where none was announced. */
  #bytes: Buffer | null = null;
  readonly #pieces: Buffer[] = [];
  #size = 0;

  /**
   * @param limit most bytes that a good answer may have.
   * @param memory where an answer of announced length goes.
   */
  constructor(url: string, limit: number, memory: AnswerMemory) {
    this.#url = url;
    this.#limit = limit;
    this.#memory = memory;
    this.received = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Ends the request from our side. */
  stop(reason: unknown): void {
    this.#stopped ??= reason;
    this.#controller?.abort(reason instanceof Error ? reason : new Error('stopped'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped !== null) this.stop(this.#stopped);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    if (status !== 200) {
      this.#failure = statusError(this.#url, status, first(headers['retry-after']));
      return;
    }
    const declared = first(headers['content-length']);
    if (declared === undefined) return;
    if (Number(declared) > this.#limit) this.#refuse(controller, tooLarge(this.#url, this.#limit));
    else this.#bytes = this.#memory.take(Number(declared));
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    const at = this.#size;
    this.#size += piece.length;
    if (this.#failure) {
      if (this.#size > DISCARDED) controller.abort(this.#failure);
    } else if (this.#bytes) {
      piece.copy(this.#bytes, at);
    } else if (this.#size > this.#limit) {
      this.#refuse(controller, tooLarge(this.#url, this.#limit));
    } else {
      // A copy: the piece may be a small view of a large read.
      this.#pieces.push(Buffer.from(piece));
    }
  }

  onResponseEnd(): void {
    if (this.#failure) this.#reject(this.#failure);
    else if (this.#bytes && this.#size !== this.#bytes.length) this.#reject(truncated(this.#url));
    else this.#resolve(this.#bytes ?? Buffer.concat(this.#pieces));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(this.#stopped ?? this.#failure ?? error);
  }

  #refuse(controller: Dispatcher.DispatchController, failure: FetchError): void {
    this.#failure = failure;
    controller.abort(failure);
  }
}

export function truncated(url: string): FetchError {
  return new FetchError('truncated', url, `${url} ended in the middle of its answer.`);
}

function tooLarge(url: string, limit: number): FetchError {
  return new FetchError('too-large', url, `${url} is larger than the ${limit} bytes that such an answer may have.`);
}

function statusError(url: string, status: number, retryAfter: string | undefined): FetchError {
  const wait = retryAfter === undefined ? null : parseRetryAfter(retryAfter);
  if (status === 404 || status === 410) {
    return new FetchError('not-found', url, `${url} answered ${status}: it is not there.`);
  }
  if (status === 429) return new FetchError('rate-limited', url, `${url} answered 429: too many requests.`, wait);
  if (status >= 500) return new FetchError('server-error', url, `${url} answered ${status}.`, wait, status === 503);
  const message = `${url} answered ${status}, where only 200 is of use; redirects are not followed.`;
  return new FetchError('unexpected-status', url, message);
}

/** Seconds or an HTTP date (RFC 9110 10.2.3), in milliseconds from now, an hour at most; null where it is neither. */
function parseRetryAfter(value: string): number | null {
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, LONGEST_ABSENCE);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - Date.now()), LONGEST_ABSENCE);
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
