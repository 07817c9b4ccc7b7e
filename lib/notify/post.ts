import { readFile } from 'node:fs/promises';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isLoopback } from '#lib/config/url-schema.ts';
import {
  guardedLookup,
  PrivateAddressError,
  type Resolve,
  resolvePublic,
  systemResolve,
} from '#lib/remote/guarded-lookup.ts';
import { isPublicAddress } from '#lib/remote/public-address.ts';
import { DeliveryError } from './delivery-error.ts';

export interface PostTarget {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly allowHttp: boolean;
  /** PEM of authorities besides those of Node. */
  readonly caFile?: string | undefined;
}

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
  /** Of tests: where names lead, and how long may be waited. */
  readonly resolve?: Resolve | undefined;
  readonly timeout?: number | undefined;
}

const TIMEOUT = 10_000;
/** More of an answer is not waited for. All of it is thrown away. */
const MAX_ANSWER = 64 * 1024;
const MAX_RETRY_AFTER = 24 * 3_600_000;

/**
 * Posts JSON to somebody else's server. Nothing is sent to an address that is not on the public network unless that was
 * allowed; the address is looked at when the connection is made. Redirects are not followed, and answers not read.
 *
 * @throws {DeliveryError} where it was not taken.
 */
export async function postJson(target: PostTarget, options: PostOptions): Promise<void> {
  const url = readUrl(target);
  const { resolve = systemResolve, timeout = TIMEOUT } = options;
  const agent = await makeAgent(target, resolve, timeout);
  const overdue = AbortSignal.timeout(2 * timeout);
  try {
    // A literal address is never looked up by the socket.
    if (!target.allowPrivate) await resolvePublic(url.hostname, resolve);
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: {
        'user-agent': 'Modeltrail',
        'content-type': 'application/json; charset=utf-8',
        ...options.headers,
      },
      body: options.body,
      signal: options.signal ? AbortSignal.any([options.signal, overdue]) : overdue,
    });
    await discard(answer.body);
    refuseStatus(url.host, answer);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toDeliveryError(error, url.host);
  } finally {
    await agent.destroy();
  }
}

function readUrl({ url: text, allowHttp }: PostTarget): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DeliveryError('The address of the channel is no https address.', 'unlikely');
  }
  if (url.username !== '' || url.password !== '') {
    throw new DeliveryError('The address of the channel has a login. Leave out what stands before the @.', 'unlikely');
  }
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) {
    throw new DeliveryError(
      'The address of the channel is plain http. Use https, or set allow-http: true.',
      'unlikely',
    );
  }
  return url;
}

async function makeAgent({ allowPrivate, caFile }: PostTarget, resolve: Resolve, timeout: number): Promise<Agent> {
  const ca = caFile === undefined ? {} : { ca: await readAuthorities(caFile) };
  const lookup = allowPrivate ? {} : { lookup: guardedLookup(resolve) };
  const connect = buildConnector({ timeout, ...ca, ...lookup });
  return new Agent({
    connections: 1,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connect: (options, callback) => {
      connect(options, (error, socket) => {
        if (socket && !allowPrivate && !isPublicAddress(socket.remoteAddress ?? '')) {
          socket.destroy();
          callback(new PrivateAddressError(`${options.hostname} is not on the public network.`), null);
        } else if (error) callback(error, null);
        else if (socket) callback(null, socket);
      });
    },
  });
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DeliveryError(`The authorities in ${path} cannot be read: ${(error as Error).message}.`, 'maybe');
  }
}

async function discard(body: Dispatcher.ResponseData['body']): Promise<void> {
  let size = 0;
  body.on('error', () => undefined);
  for await (const piece of body) {
    size += (piece as Buffer).length;
    if (size > MAX_ANSWER) break;
  }
}

function refuseStatus(host: string, { statusCode: status, headers }: Dispatcher.ResponseData): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    throw new DeliveryError(
      `${host} answered ${status}: redirects are not followed. Give its real address.`,
      'unlikely',
    );
  }
  if (status === 410) throw new DeliveryError(`${host} answered 410: it takes no messages any more.`, 'never');
  const isBusy = status === 408 || status === 425 || status === 429;
  const wait = retryAfterOf(headers['retry-after']);
  const hope = status >= 500 || isBusy ? 'maybe' : 'unlikely';
  throw new DeliveryError(`${host} answered ${status}.`, hope, wait);
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return null;
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MAX_RETRY_AFTER) : null;
}

function toDeliveryError(error: unknown, host: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof PrivateAddressError) return new DeliveryError(error.message, 'unlikely');
  const { code, name } = error as { code?: unknown; name?: unknown };
  const what = name === 'TimeoutError' ? 'it did not answer in time' : typeof code === 'string' ? code : String(name);
  return new DeliveryError(`${host} cannot be reached: ${what}.`, 'maybe');
}
