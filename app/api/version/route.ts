import { changeStamp, readDatabase } from '../../_server/database.ts';

export const dynamic = 'force-dynamic';

/** A word that changes whenever what the pages show may have changed. */
export function GET(): Response {
  const database = readDatabase();
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  if ('problem' in database) return new Response('no database\n', { status: 503, headers });
  return new Response(`${changeStamp(database)}\n`, { headers });
}
