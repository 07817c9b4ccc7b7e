import { createRoute, z } from '@hono/zod-openapi';
import { askHistory } from '#lib/services/backfill/ask-history.ts';
import { askRuleSearch } from '#lib/services/backfill/ask-rule-search.ts';
import { BackfillRefusedError } from '#lib/services/backfill/backfill-refused.ts';
import { listBackfills } from '#lib/services/backfill/list.ts';
import { requireLog } from '#lib/services/backfill/require-log.ts';
import { stopBackfill, UnknownBackfillError } from '#lib/services/backfill/stop.ts';
import { UnknownLogError } from '#lib/services/log/position.ts';
import { listRuleSearches } from '#lib/services/rule/list-searches.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { rowParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireActor } from '../require-scope.ts';
import { json } from '../responses.ts';
import { backfill, ruleSearch } from '../schema/backfill.ts';

const TAGS = ['Logs'];
const MAX_BODY = 256 * 1024;

const logParam = z.object({ id: rowParam('Of a log.').openapi({ param: { name: 'id', in: 'path' } }) });
const oneParam = logParam.extend({
  backfill: rowParam('Of a back-fill.').openapi({ param: { name: 'backfill', in: 'path' } }),
});

const backfillList = z.object({ backfills: z.array(backfill) }).openapi('BackfillList');
const ruleSearchList = z.object({ rules: z.array(ruleSearch) }).openapi('RuleSearchList');

const wanted = z
  .strictObject({
    rules: z.array(z.string().min(1).max(8192)).min(1).max(1000).nullable().default(null).openapi({
      description:
        'Names of watch rules: what they have not seen of the covered entries is searched. Null, or not said: the past of the log before its tail is read, by every rule.',
    }),
  })
  .openapi('NewBackfill');

const needs = 'Needs a token with the scope admin.';

const list = createRoute({
  method: 'get',
  path: '/logs/{id}/backfills',
  tags: TAGS,
  summary: 'Searches of the past of a log: the open ones, and the latest that ended',
  request: { params: logParam },
  responses: { 200: json(backfillList, 'Newest first.'), ...problems(400, 404, 503) },
});

const post = createRoute({
  method: 'post',
  path: '/logs/{id}/backfills',
  tags: TAGS,
  summary: 'Search the past of a log, or what rules that came late have not seen',
  description: `The jobs take it up within seconds, and read it behind the tail. ${needs}`,
  security: [{ token: [] }, { session: [] }],
  request: {
    headers: idempotencyHeader,
    params: logParam,
    body: { required: true, content: { 'application/json': { schema: wanted } } },
  },
  responses: {
    200: json(backfillList, 'All searches that are open now, and the latest that ended.'),
    ...problems(400, 401, 403, 404, 409, 413, 422, 503),
  },
});

const stop = createRoute({
  method: 'delete',
  path: '/logs/{id}/backfills/{backfill}',
  tags: TAGS,
  summary: 'Stop an open search',
  description: `What it has read stays covered. It stays listed, and is opened again only by who asks for it. ${needs}`,
  security: [{ token: [] }, { session: [] }],
  request: { params: oneParam },
  responses: { 204: { description: 'It is stopped.' }, ...problems(400, 401, 403, 404, 422, 503) },
});

const rules = createRoute({
  method: 'get',
  path: '/logs/{id}/rules',
  tags: TAGS,
  summary: 'Watch rules held against a log, with what each has not seen',
  request: { params: logParam },
  responses: { 200: json(ruleSearchList, 'By name.'), ...problems(400, 404, 503) },
});

/** What is searched of logs besides their tails. */
export function addBackfillRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const database = environment.database();
    await answered(() => requireLog(database.db, id));
    return c.json(conform(backfillList, { backfills: await listBackfills(database, id) }), 200);
  });
  api.openapi(rules, async (c) => {
    const { id } = c.req.valid('param');
    const database = environment.database();
    await answered(() => requireLog(database.db, id));
    return c.json(conform(ruleSearchList, { rules: await listRuleSearches(database, id) }), 200);
  });
  api.openAPIRegistry.registerPath(post);
  const { params } = post.request;
  // The body is read by hand: who may not ask is told so before anything of it is looked at.
  api.openapi({ ...post, hide: true, request: { params } }, async (c) => {
    await requireActor(c, environment, 'admin');
    const { id } = c.req.valid('param');
    const given = await readJson(c.req.raw, wanted, MAX_BODY);
    const { rules: names } = given;
    await answered(async () => {
      if (names === null) askHistory(context(), { logId: id });
      else await askRuleSearch(context(), { logId: id, rules: names });
    });
    return c.json(conform(backfillList, { backfills: await listBackfills(environment.database(), id) }), 200);
  });
  api.openapi(stop, async (c) => {
    await requireActor(c, environment, 'admin');
    const { id, backfill: row } = c.req.valid('param');
    await answered(() => stopBackfill(context(), { logId: id, id: row }));
    return c.body(null, 204);
  });
}

/** What the services refuse, as the API says it. @throws {ApiError} */
async function answered(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof UnknownLogError) throw notFound(error.message, 'GET /api/v1/logs lists what there is.');
    if (error instanceof UnknownBackfillError)
      throw notFound(error.message, 'GET /api/v1/logs/{id}/backfills lists them.');
    if (error instanceof BackfillRefusedError) throw new ApiError({ code: 'back-fill-refused', detail: error.message });
    throw error;
  }
}
