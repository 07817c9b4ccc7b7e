import { createRoute, z } from '@hono/zod-openapi';
import { HASH_LIST_LIMITS } from '#lib/hash-list/limits.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { DeploymentError, type DeploymentInput, deploymentSchema } from '#lib/services/deployment/deployment-input.ts';
import { endDeployment } from '#lib/services/deployment/end.ts';
import { listDeployments } from '#lib/services/deployment/list.ts';
import { registerDeployment } from '#lib/services/deployment/register.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { describeIssue } from '../describe-issue.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { NOT_READY } from '../not-ready.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { pathParam, textParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readBody } from '../read-body.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { deployment, toDeployment } from '../schema/deployment.ts';

const TAGS = ['Deployments'];
const needs = 'Needs a token with the scope deploy.';

const wanted = z
  .strictObject({
    environment: z.string().openapi({ description: '`production`, `staging`: as you call it.' }),
    service: z.string().openapi({ description: 'What runs it: a service, a cluster, a group of devices.' }),
    digest: z.string().optional().openapi({
      description: '`sha256:…`: the OMS root, the manifest id, the digest of an image, or of the only file.',
    }),
    versionId: z.string().optional(),
    model: z.string().optional().openapi({ description: 'Name or slug; with `version`.' }),
    version: z.string().optional().openapi({ description: 'What the version is called.' }),
    manifest: z
      .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
      .optional()
      .openapi({
        description: 'A list of the files in JSON: a `modeltrail.manifest/v1` or another form that is read.',
      }),
  })
  .openapi('NewDeployment');

const registered = z
  .object({
    outcome: z.enum(['started', 'confirmed']).openapi({ description: '`confirmed`: the same ran there already.' }),
    replaced: z.string().nullable().openapi({ description: 'The deployment that ended with this; null for none.' }),
    deployment,
  })
  .openapi('RegisteredDeployment');
const page = z.object({ deployments: z.array(deployment), next: nextField }).openapi('DeploymentPage');

const post = createRoute({
  method: 'post',
  path: '/deployments',
  tags: TAGS,
  summary: 'Register what runs where',
  description: `One of digest, versionId, model with version, and manifest says what. The same again confirms it; something else at the same service of the same environment ends what ran there. What is refused is registered too, as it runs, and raises an alert: stop on \`refused\`. ${needs}`,
  security: [{ token: [] }],
  request: {
    headers: idempotencyHeader,
    body: { required: true, content: { 'application/json': { schema: wanted } } },
  },
  responses: {
    200: json(registered, 'The deployment, with what speaks against it.'),
    ...problems(400, 401, 403, 409, 413, 422, 503),
  },
});

const list = createRoute({
  method: 'get',
  path: '/deployments',
  tags: TAGS,
  summary: 'What runs where, the latest first',
  description: `Not open to all: it tells what to attack. ${needs}`,
  security: [{ token: [] }],
  request: {
    query: z.strictObject({
      environment: textParam('Of this environment alone, compared whole.', 200).optional(),
      service: textParam('Of this service alone, compared whole.', 200).optional(),
      state: z.enum(['running', 'ended', 'all']).default('running'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(page, 'A page of deployments.'), ...problems(400, 401, 403, 503) },
});

const end = createRoute({
  method: 'post',
  path: '/deployments/{id}/end',
  tags: TAGS,
  summary: 'Say that something runs no more',
  description: `One that ended before stays as it is. ${needs}`,
  security: [{ token: [] }],
  request: { params: z.object({ id: pathParam('id', 'Of a deployment.') }) },
  responses: { 200: json(deployment, 'The deployment.'), ...problems(400, 401, 403, 404, 503) },
});

const cursor = cursorOf('deployments', z.object({ startedAt: z.int(), id: z.string().max(100) }));

/** What runs where: told by the pipelines that put it there, and the first thing that an incident asks for. */
export function addDeploymentRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openAPIRegistry.registerPath(post);
  // Read by hand: who may not register is told so before anything of the body is looked at.
  api.post(post.path, async (c) => {
    const name = await requireScope(c, environment, 'deploy');
    const input = readDeployment(await readBody(c.req.raw, HASH_LIST_LIMITS.maxBytes));
    const standards = await environment.standards();
    if (!standards) throw new ApiError(NOT_READY);
    const actor: Actor = { kind: 'token', name };
    try {
      const { deployment: made, ...rest } = registerDeployment(context(), input, actor, standards);
      return c.json(conform(registered, { ...rest, deployment: toDeployment(made) }), 200);
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      const { code, message, at } = error;
      throw new ApiError({ code: 'deployment-refused', reason: code, detail: message, at });
    }
  });
  api.openapi(list, async (c) => {
    await requireScope(c, environment, 'deploy');
    const { cursor: text, ...query } = c.req.valid('query');
    const found = await listDeployments(environment.database(), { ...query, olderThan: cursor.read(text) });
    const next = withNext(c, found.next && cursor.format(found.next));
    return c.json(conform(page, { deployments: found.deployments.map(toDeployment), next }), 200);
  });
  api.openapi(end, async (c) => {
    const name = await requireScope(c, environment, 'deploy');
    const { id } = c.req.valid('param');
    const ended = endDeployment(context(), id, { kind: 'token', name });
    if (!ended) throw notFound(`There is no deployment ${id}.`, 'GET /api/v1/deployments lists them.');
    return c.json(conform(deployment, toDeployment(ended)), 200);
  });
}

function readDeployment(bytes: Uint8Array): DeploymentInput {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError({ code: 'bad-request', detail: 'The body is not JSON in UTF-8.' });
  }
  const read = deploymentSchema.safeParse(value);
  if (!read.success) throw new ApiError({ code: 'bad-request', ...describeIssue(read.error) });
  return read.data;
}
