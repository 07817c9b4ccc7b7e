import { METRICS_TYPE, renderMetrics } from '#lib/http/prometheus.ts';
import { getMetrics } from '#lib/services/metrics/get.ts';
import { readDatabase } from '../_server/database.ts';

export const dynamic = 'force-dynamic';

/** What is counted and measured, for Prometheus. */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' };
  const database = readDatabase();
  if ('problem' in database) return new Response(`${database.problem}\n`, { status: 503, headers });
  const text = await renderMetrics(await getMetrics(database, { now: Date.now() }));
  return new Response(text, { headers: { ...headers, 'Content-Type': METRICS_TYPE } });
}
