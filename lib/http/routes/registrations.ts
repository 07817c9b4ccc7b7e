import { createRoute, z } from '@hono/zod-openapi';
import { registerVersion } from '#lib/services/registration/register.ts';
import { RegistrationError } from '#lib/services/registration/registration-error.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { hashListBody, readGivenHashList } from '../given-hash-list.ts';
import { idempotencyHeader } from '../idempotency.ts';
import { NOT_READY } from '../not-ready.ts';
import { pathParam, textParam } from '../params.ts';
import { ApiError } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { MODEL_NAME } from '../schema/model.ts';
import { time } from '../schema/time.ts';

const registered = z
  .object({
    outcome: z.enum(['registered', 'known']).openapi({
      description: '`known`: the same files were registered under this label before.',
    }),
    model: z.object({ id: z.string(), name: z.string().openapi({ description: MODEL_NAME }), slug: z.string() }),
    versionId: z.string(),
    label: z.string(),
    root: z.string().openapi({ description: 'The OMS root that a signature will state, lowercase hex.' }),
    fileCount: z.int(),
    registeredAt: time('When it was first registered.'),
    source: z.string().openapi({ description: 'The name of the token that registered it first.' }),
  })
  .openapi('RegisteredVersion');

const post = createRoute({
  method: 'post',
  path: '/models/{model}/versions',
  tags: ['Models'],
  summary: 'Register the files of a version, before anybody signs it',
  description:
    'Stores the hashes as the maker states them: signatures, sightings and checks that come later are compared with them. A label stands for one set of files; other files under it are refused with 409, and are a finding. Git’s own paths are left out, as signers do. Needs a token with the scope ingest.',
  security: [{ token: [] }],
  request: {
    headers: idempotencyHeader,
    params: z.object({
      model: pathParam(
        'model',
        'Slug or exact name, percent-encoded; a name that is not known yet makes the model.',
        512,
      ),
    }),
    query: z.strictObject({ label: textParam('What the maker calls the version: `1.2.0`.', 100) }),
    body: hashListBody,
  },
  responses: {
    200: json(registered, 'The version as it is registered.'),
    ...problems(400, 401, 403, 404, 409, 413, 422, 503),
  },
});

/** The way in for the files of versions that nobody has signed yet. */
export function addRegistrationRoute(api: Api, environment: ApiEnvironment): void {
  api.openAPIRegistry.registerPath(post);
  const { params, query } = post.request;
  api.openapi({ ...post, hide: true, request: { params, query } }, async (c) => {
    const source = await requireScope(c, environment, 'ingest');
    const { model } = c.req.valid('param');
    const { label } = c.req.valid('query');
    const list = await readGivenHashList(c.req.raw);
    const standards = await environment.standards();
    if (!standards) throw new ApiError(NOT_READY);
    const ctx = { database: environment.database(), now: environment.now, log: environment.log };
    try {
      return c.json(conform(registered, registerVersion(ctx, { model, label, list, source }, standards)), 200);
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
      const { code, message, at } = error;
      if (code === 'label-taken') throw new ApiError({ code, detail: message, at });
      throw new ApiError({ code: 'registration-refused', reason: code, detail: message, at });
    }
  });
}
