import { listAlerts } from '#lib/services/alert/list.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { alertFeed } from '../../../_server/alert-feed.ts';
import { plain } from '../../../_server/answer-for.ts';
import { readDatabase } from '../../../_server/database.ts';
import { mayRead, refuseReading } from '../../../_server/may-read.ts';

export const dynamic = 'force-dynamic';

const MOST = 100;

/**
 * Alerts as an Atom feed, for those who may see the pages: a token with the scope read in the Authorization header, or a
 * sign-in. No token is taken from the address, where it would be kept in logs and histories.
 */
export async function GET(request: Request): Promise<Response> {
  if (!(await mayRead(request.headers))) return refuseReading();
  const database = readDatabase();
  if ('problem' in database) return plain(503, database.problem);
  const [{ alerts }, { organisation }] = await Promise.all([
    listAlerts(database, { filter: {}, limit: MOST }),
    getConfiguration(database),
  ]);
  const { address } = alertSettings(database.db);
  const base = (address ?? new URL(request.url).origin).replace(/\/+$/, '');
  return new Response(
    alertFeed({ alerts, organisation: organisation ?? 'Modeltrail', address: base, now: Date.now() }),
    {
      headers: {
        'Content-Type': 'application/atom+xml; charset=utf-8',
        'Cache-Control': 'private, no-store',
        'X-Content-Type-Options': 'nosniff',
      },
    },
  );
}
