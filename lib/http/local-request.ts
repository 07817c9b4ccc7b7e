/** Where this process listens, as it was told when it was started; null for what nobody said. */
export interface Listening {
  readonly host: string | null;
  readonly port: string | null;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;
const HOST = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/;
/** Headers that only something between a browser and this process writes. */
const OF_PROXIES = ['Forwarded', 'Via', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP'];

/** Whether a header Host names this server by a loopback address and its port. */
export function isLoopbackHost(header: string, { port }: Listening): boolean {
  const [, name, asked] = HOST.exec(header) ?? [];
  return name !== undefined && asked === port;
}

/**
 * Why a request does not count as one of somebody at this very machine, who needs no sign-in where the configuration says
 * so; null where it does. All of this must hold: the server listens on loopback alone, the browser addressed it so (a name
 * that somebody points at 127.0.0.1 is not enough), and no proxy stands between. Forms must be ours besides (same-origin.ts).
 */
export function refusalOfRemote(headers: Headers, { host, port }: Listening): string | null {
  if (host === null || !LOOPBACK.test(host)) {
    return 'This server can be reached from other machines, or does not know where it listens.';
  }
  if (!isLoopbackHost(headers.get('Host') ?? '', { host, port })) {
    return 'The page was not opened by a loopback address of this server.';
  }
  if (OF_PROXIES.some((header) => headers.has(header)) || isForwarded(headers)) {
    return 'The request came through a proxy: whoever reaches that would reach this page.';
  }
  return null;
}

/** Next.js writes these itself where nobody did, from the connection and from `Host`. */
function isForwarded(headers: Headers): boolean {
  const client = headers.get('X-Forwarded-For') ?? '127.0.0.1';
  const host = headers.get('X-Forwarded-Host') ?? headers.get('Host');
  const proto = headers.get('X-Forwarded-Proto') ?? 'http';
  return !/^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/.test(client) || host !== headers.get('Host') || proto !== 'http';
}
