import { METRICS_TYPE, renderMetrics } from '#lib/http/prometheus.ts';
import { getMetrics } from '#lib/services/metrics/get.ts';
import { webConfig } from '../_server/configuration.ts';
import { readDatabase } from '../_server/database.ts';
import { mayRead, refuseReading } from '../_server/may-read.ts';

export const dynamic = 'force-dynamic';

/** What is counted and measured, for Prometheus: with a token of the scope read, or where the configuration says `open`. */
export async function GET(request: Request): Promise<Response> {
  if (webConfig()?.publicMetrics !== true && !(await mayRead(request.headers))) return refuseReading();
  const headers = { 'Cache-Control': 'no-store' };
  const database = readDatabase();
  if ('problem' in database) return new Response(`${database.problem}\n`, { status: 503, headers });
  const text = await renderMetrics(await getMetrics(database, { now: Date.now() }));
  return new Response(text, { headers: { ...headers, 'Content-Type': METRICS_TYPE } });
}
