import { isLoopbackHost, type Listening } from './local-request.ts';

/**
 * The origin that pages of ours have in browsers: the one that the configuration says, else a loopback address of this server
 * as the browser wrote it. Null for a request by any other name: nothing it says of itself is believed.
 */
export function ownOrigin(headers: Headers, listening: Listening, publicUrl: string | undefined): string | null {
  if (publicUrl !== undefined) return publicUrl;
  const host = headers.get('Host') ?? '';
  return isLoopbackHost(host, listening) ? `http://${host}` : null;
}

/**
 * Whether a request that changes something was made by a page of `origin`. Browsers say so themselves (Origin, Sec-Fetch-Site),
 * and no page can make them lie; what says nothing is refused: programs have tokens.
 */
export function isSentBy(headers: Headers, origin: string | null): boolean {
  const site = headers.get('Sec-Fetch-Site');
  const given = headers.get('Origin');
  if (origin === null || (site !== null && site !== 'same-origin')) return false;
  return given === null ? site === 'same-origin' : given === origin;
}
