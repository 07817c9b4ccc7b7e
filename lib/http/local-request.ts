import { isSameOrigin } from './same-origin.ts';

/** Where this process listens, as it was told when it was started; null for what nobody said. */
export interface Listening {
  readonly host: string | null;
  readonly port: string | null;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;
const HOST = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/;
/** Headers that only something between a browser and this process writes. */
const OF_PROXIES = ['Forwarded', 'Via', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP'];

/**
 * Why a request may not do what only people at this very machine may; null where it may. The pages know no sign-in, so
 * that all of this must hold: the server listens on loopback alone, the browser addressed it so (a name that somebody
 * points at 127.0.0.1 is not enough), the form is one of ours, and no proxy stands between.
 */
export function refusalOfRemote(headers: Headers, { host, port }: Listening): string | null {
  if (host === null || !LOOPBACK.test(host)) {
    return 'This server can be reached from other machines, or does not know where it listens.';
  }
  const [, name, asked] = HOST.exec(headers.get('Host') ?? '') ?? [];
  if (name === undefined || asked !== port) return 'The page was not opened by a loopback address of this server.';
  if (OF_PROXIES.some((header) => headers.has(header)) || isForwarded(headers)) {
    return 'The request came through a proxy: whoever reaches that would reach this page.';
  }
  return null;
}

/** As `refusalOfRemote`, for a form that changes something. */
export function refusalOfRemoteForm(headers: Headers, listening: Listening): string | null {
  const refusal = refusalOfRemote(headers, listening);
  if (refusal !== null) return refusal;
  const origin = headers.get('Origin');
  const isOwn = origin === `http://${headers.get('Host')}` && isSameOrigin(headers);
  return isOwn ? null : 'The form was sent from another site.';
}

/** Next.js writes these itself where nobody did, from the connection and from `Host`. */
function isForwarded(headers: Headers): boolean {
  const client = headers.get('X-Forwarded-For') ?? '127.0.0.1';
  const host = headers.get('X-Forwarded-Host') ?? headers.get('Host');
  const proto = headers.get('X-Forwarded-Proto') ?? 'http';
  return !/^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/.test(client) || host !== headers.get('Host') || proto !== 'http';
}
