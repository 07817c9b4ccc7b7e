import { getJobHealth } from '#lib/services/overview/health.ts';
import { readDatabase } from '../_server/database.ts';

export const dynamic = 'force-dynamic';

/** 200 while pages can be drawn; the jobs' state is told beside it, for they are another process. */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  const database = readDatabase();
  if ('problem' in database)
    return Response.json({ status: 'unavailable', reason: database.problem }, { status: 503, headers });
  const health = await getJobHealth(database, { now: Date.now() });
  return Response.json({ status: 'ok', jobs: health.isRunning ? 'running' : 'not running' }, { headers });
}
