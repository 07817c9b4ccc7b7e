import { getHealth } from '#lib/services/health/get.ts';
import { VERSION } from '#lib/version.ts';
import { readDatabase } from '../_server/database.ts';

export const dynamic = 'force-dynamic';

const HEADERS = { 'Cache-Control': 'no-store' };

/** 200 while all that must work does, `degraded` where somebody should look; 503 where it does not. `?full=1` says why. */
export async function GET(request: Request): Promise<Response> {
  const database = readDatabase();
  if ('problem' in database) {
    return Response.json({ status: 'failing', reason: database.problem }, { status: 503, headers: HEADERS });
  }
  const { state, checks, jobs } = await getHealth(database, { now: Date.now() });
  const answer = { status: state, jobs: jobs.isRunning ? 'running' : 'not running', version: VERSION };
  const isFull = new URL(request.url).searchParams.get('full') === '1';
  const status = state === 'failing' ? 503 : 200;
  return Response.json(isFull ? { ...answer, checks } : answer, { status, headers: HEADERS });
}

export async function HEAD(request: Request): Promise<Response> {
  const { status, headers } = await GET(request);
  return new Response(null, { status, headers });
}
