import { createRoute, z } from '@hono/zod-openapi';
import { getLog, type LogDetail } from '#lib/services/log/get.ts';
import { listLogs } from '#lib/services/log/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { rowParam } from '../params.ts';
import { notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { checkpoint, logSummary, pastFaults } from '../schema/log.ts';

const logList = z.object({ logs: z.array(logSummary) }).openapi('LogList');

const logDetail = z
  .object({
    log: logSummary,
    pastFaults,
    checkpoints: z.array(checkpoint).openapi({ description: 'Newest first, 25 a page.' }),
    next: nextField,
  })
  .openapi('LogDetail');

const list = createRoute({
  method: 'get',
  path: '/logs',
  tags: ['Logs'],
  summary: 'All logs, and how far each is read and verified',
  responses: { 200: json(logList, 'The logs.'), ...problems(503) },
});

const get = createRoute({
  method: 'get',
  path: '/logs/{id}',
  tags: ['Logs'],
  summary: 'One log with its checkpoints and faults',
  request: {
    params: z.object({ id: rowParam('Of a log.').openapi({ param: { name: 'id', in: 'path' } }) }),
    query: z.strictObject({ cursor: pageQuery.cursor }),
  },
  responses: { 200: json(logDetail, 'The log.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('checkpoints', z.int().positive());

/** Logs that are followed. */
export function addLogRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const logs = await listLogs(environment.database());
    return c.json(conform(logList, { logs }), 200);
  });
  api.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    const before = cursor.read(c.req.valid('query').cursor);
    const detail = await getLog(environment.database(), { id, ...(before !== undefined && { before }) });
    if (!detail) throw notFound(`There is no log ${id}.`, 'GET /api/v1/logs lists what there is.');
    const { log, olderThan } = detail;
    const next = withNext(c, olderThan === null ? null : cursor.format(olderThan));
    const checkpoints = detail.checkpoints.map(toCheckpoint);
    return c.json(conform(logDetail, { log, pastFaults: detail.pastFaults, checkpoints, next }), 200);
  });
}

function toCheckpoint(row: LogDetail['checkpoints'][number]) {
  return {
    ...row,
    root: row.root.toString('hex'),
    consistencyProof: row.consistencyProof && toHashes(row.consistencyProof),
  };
}

/** Hashes are stored one after the other, 32 bytes each. */
function toHashes(proof: Buffer): string[] {
  return Array.from({ length: proof.length / 32 }, (_, i) => proof.toString('hex', i * 32, (i + 1) * 32));
}
