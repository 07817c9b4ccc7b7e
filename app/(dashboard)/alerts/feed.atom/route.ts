import { checkToken } from '#lib/services/access/check-token.ts';
import { listAlerts } from '#lib/services/alert/list.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { alertFeed } from '../../../_server/alert-feed.ts';
import { whoAsks } from '../../../_server/asker.ts';
import { readDatabase } from '../../../_server/database.ts';

export const dynamic = 'force-dynamic';

const MOST = 100;

/**
 * Alerts as an Atom feed, for those who may see the pages: a token with the scope read in the Authorization header, or a
 * sign-in. No token is taken from the address, where it would be kept in logs and histories.
 */
export async function GET(request: Request): Promise<Response> {
  const database = readDatabase();
  if ('problem' in database) return refuse(503, database.problem);
  const now = Date.now();
  const bearer = /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.headers.get('Authorization') ?? '')?.[1];
  const held = bearer === undefined ? null : await checkToken(database, { token: bearer, now });
  const isHeld = held !== null && (held.scopes.includes('read') || held.scopes.includes('admin'));
  if (bearer !== undefined ? !isHeld : (await whoAsks(request.headers)) === null) {
    return refuse(401, 'Sign in, or send a token with the scope read in Authorization: Bearer.');
  }
  const [{ alerts }, { organisation }] = await Promise.all([
    listAlerts(database, { filter: {}, limit: MOST }),
    getConfiguration(database),
  ]);
  const { address } = alertSettings(database.db);
  const base = (address ?? new URL(request.url).origin).replace(/\/+$/, '');
  return new Response(alertFeed({ alerts, organisation: organisation ?? 'Modeltrail', address: base, now }), {
    headers: {
      'Content-Type': 'application/atom+xml; charset=utf-8',
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

function refuse(status: number, reason: string): Response {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
  };
  return new Response(`${reason}\n`, { status, headers });
}
