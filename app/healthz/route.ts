import { getHealth } from '#lib/services/health/get.ts';
import { VERSION } from '#lib/version.ts';
import { readDatabase } from '../_server/database.ts';
import { mayRead, refuseReading } from '../_server/may-read.ts';

export const dynamic = 'force-dynamic';

const HEADERS = { 'Cache-Control': 'no-store' };

/**
 * 200 while all that must work does, `degraded` where somebody should look; 503 where it does not. Anybody may ask that much;
 * `?full=1` says why, to whoever may read.
 */
export async function GET(request: Request): Promise<Response> {
  const database = readDatabase();
  if ('problem' in database) {
    return Response.json({ status: 'failing' }, { status: 503, headers: HEADERS });
  }
  const { state, checks, jobs } = await getHealth(database, { now: Date.now() });
  const status = state === 'failing' ? 503 : 200;
  const answer = { status: state };
  if (new URL(request.url).searchParams.get('full') !== '1') return Response.json(answer, { status, headers: HEADERS });
  if (!(await mayRead(request.headers))) return refuseReading();
  const more = { jobs: jobs.isRunning ? 'running' : 'not running', version: VERSION, checks };
  return Response.json({ ...answer, ...more }, { status, headers: HEADERS });
}

export async function HEAD(request: Request): Promise<Response> {
  const { status, headers } = await GET(request);
  return new Response(null, { status, headers });
}
