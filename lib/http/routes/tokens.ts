import { createRoute, z } from '@hono/zod-openapi';
import { createToken, TokenNameTakenError } from '#lib/services/access/create-token.ts';
import { listTokens } from '#lib/services/access/list-tokens.ts';
import { revokeToken } from '#lib/services/access/revoke-token.ts';
import { SCOPES } from '#lib/services/access/scope.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { pathParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireActor } from '../require-scope.ts';
import { json } from '../responses.ts';
import { time } from '../schema/time.ts';

const TAGS = ['Tokens'];
const MAX_BODY = 16 * 1024;
const MAX_TIME = 8_640_000_000_000_000;

const scope = z.enum(SCOPES).openapi('Scope', { description: 'What a token is for. `admin` may do all of it.' });

const token = z
  .object({
    id: z.string(),
    name: z.string(),
    start: z.string().openapi({ description: 'Its first characters, to tell tokens apart.' }),
    scopes: z.array(scope),
    createdAt: time('When it was made.'),
    expiresAt: time('Null for one that does not run out.').nullable(),
    lastUsedAt: time('To the minute; null where it was never used.').nullable(),
    revokedAt: time('Null while it is in use.').nullable(),
  })
  .openapi('Token');
const tokens = z.object({ tokens: z.array(token) }).openapi('Tokens');
const created = z
  .object({ id: z.string(), token: z.string().openapi({ description: 'Shown this once: it is not stored.' }) })
  .openapi('CreatedToken');

const wanted = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(scope).min(1).max(SCOPES.length),
    expiresAt: time('Null, or not said, for one that does not run out.').min(0).max(MAX_TIME).nullable().default(null),
  })
  .openapi('NewToken');

const needs = 'Needs a token with the scope admin.';

const list = createRoute({
  method: 'get',
  path: '/tokens',
  tags: TAGS,
  summary: 'All tokens there ever were, by name',
  description: `Nothing of it lets anybody in. ${needs}`,
  security: [{ token: [] }, { session: [] }],
  responses: { 200: json(tokens, 'The tokens.'), ...problems(401, 403, 503) },
});

const post = createRoute({
  method: 'post',
  path: '/tokens',
  tags: TAGS,
  summary: 'Make a token',
  description: `Names are used once. Idempotency keys do not count here: the answer is stored nowhere. ${needs}`,
  security: [{ token: [] }, { session: [] }],
  request: { body: { required: true, content: { 'application/json': { schema: wanted } } } },
  responses: { 200: json(created, 'The token.'), ...problems(400, 401, 403, 409, 413, 503) },
});

const revoke = createRoute({
  method: 'delete',
  path: '/tokens/{name}',
  tags: TAGS,
  summary: 'Take a token out of use',
  description: `From the next request on. It stays listed. ${needs}`,
  security: [{ token: [] }, { session: [] }],
  request: { params: z.object({ name: pathParam('name', 'Of a token, percent-encoded.') }) },
  responses: { 204: { description: 'It is out of use.' }, ...problems(400, 401, 403, 404, 503) },
});

/** Tokens of this API. */
export function addTokenRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openapi(list, async (c) => {
    await requireActor(c, environment, 'admin');
    return c.json(conform(tokens, { tokens: await listTokens(environment.database()) }), 200);
  });
  api.openAPIRegistry.registerPath(post);
  // Read by hand: who may not make tokens is told so before anything of the body is looked at.
  api.post(post.path, async (c) => {
    const actor = await requireActor(c, environment, 'admin');
    const given = await readJson(c.req.raw, wanted, MAX_BODY);
    try {
      return c.json(conform(created, createToken(context(), given, actor)), 200);
    } catch (error) {
      if (!(error instanceof TokenNameTakenError)) throw error;
      throw new ApiError({ code: 'name-taken', detail: error.message, at: 'name' });
    }
  });
  api.openapi(revoke, async (c) => {
    const actor = await requireActor(c, environment, 'admin');
    const { name } = c.req.valid('param');
    if (!revokeToken(context(), name, actor)) {
      throw notFound(`No token of the name ${name} is in use.`, 'GET /api/v1/tokens lists them.');
    }
    return c.body(null, 204);
  });
}
