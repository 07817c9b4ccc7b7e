import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { serviceUrl } from './service-url.ts';
import { SigningError } from './signing-error.ts';

export interface InteractiveOptions {
  /** Told the address to sign in at; nothing is opened. */
  readonly show: (url: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole sign-in; five minutes where not said. */
  readonly timeout?: number;
}

/** As every Sigstore client is registered: a public client, kept safe by PKCE. */
const CLIENT_ID = 'sigstore';
const PATH = '/auth/callback';
const TIMEOUT = 300_000;
const REQUEST_TIMEOUT = 20;

/**
 * Gets an identity token by a sign-in with a browser on this machine: authorization code with PKCE (RFC 7636) and a
 * redirect to the loopback interface (RFC 8252, 7.3).
 *
 * @returns the token (JWT), a secret.
 * @throws {SigningError} where the issuer refuses, or nobody signs in.
 */
export async function interactiveToken(issuer: string, options: InteractiveOptions): Promise<string> {
  const address = new URL(serviceUrl(issuer, 'The issuer'));
  const expiry = AbortSignal.timeout(options.timeout ?? TIMEOUT);
  const signal = options.signal ? AbortSignal.any([options.signal, expiry]) : expiry;
  const config = await discover(address);
  const [verifier, state, nonce] = [randomPKCECodeVerifier(), randomState(), randomNonce()];
  const redirect = await LoopbackRedirect.start(state);
  try {
    const url = buildAuthorizationUrl(config, {
      redirect_uri: redirect.url,
      scope: 'openid email',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    options.show(url.href);
    const answer = await redirect.wait(signal);
    const expected = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    const { id_token: token } = await authorizationCodeGrant(config, answer, expected);
    if (token !== undefined) return token;
    throw new SigningError(`The issuer ${issuer} gave no identity token.`);
  } catch (error) {
    if (error instanceof SigningError) throw error;
    if (signal.aborted) throw new SigningError('Nobody signed in in time. Try again.');
    throw new SigningError(`The sign-in at ${issuer} failed: ${reasonOf(error)}. Try again.`);
  } finally {
    await redirect.close();
  }
}

async function discover(issuer: URL): Promise<Configuration> {
  try {
    return await discovery(issuer, CLIENT_ID, undefined, None(), {
      timeout: REQUEST_TIMEOUT,
      // `serviceUrl` lets http pass for this machine alone.
      ...(issuer.protocol === 'http:' && { execute: [allowInsecureRequests] }),
    });
  } catch (error) {
    throw new SigningError(`The issuer ${issuer.href} cannot be used: ${reasonOf(error)}. Is the address right?`);
  }
}

/** The code of an OAuth error, or the library's words: neither holds a token. */
function reasonOf(error: unknown): string {
  const { message, error: code, cause } = error as { message?: string; error?: unknown; cause?: unknown };
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return typeof code === 'string' ? code.slice(0, 100) : `${message?.replace(/\.$/, '')}${why}`;
}

/** Listens on a free port of the loopback interface for the one answer with our state. */
class LoopbackRedirect {
  readonly #server = createServer((request, response) => this.#receive(request, response));
  readonly #received = Promise.withResolvers<URL>();
  readonly #state: string;
  #origin = '';

  private constructor(state: string) {
    this.#state = state;
  }

  static async start(state: string): Promise<LoopbackRedirect> {
    const redirect = new LoopbackRedirect(state);
    redirect.#server.listen(0, '127.0.0.1');
    await once(redirect.#server, 'listening');
    redirect.#origin = `http://localhost:${(redirect.#server.address() as AddressInfo).port}`;
    return redirect;
  }

  get url(): string {
    return this.#origin + PATH;
  }

  async wait(signal: AbortSignal): Promise<URL> {
    const aborted = Promise.withResolvers<never>();
    const stop = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', stop);
    try {
      return await Promise.race([this.#received.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Any page can send a browser here: what does not know the state changes nothing. */
  #receive(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.#origin);
    const isOurs = request.method === 'GET' && url.pathname === PATH && url.searchParams.get('state') === this.#state;
    const text = isOurs ? 'You can close this page and go back to the terminal.' : 'This is not the page of a sign-in.';
    response.writeHead(isOurs ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(`${text}\n`, () => isOurs && this.#received.resolve(url));
  }
}
