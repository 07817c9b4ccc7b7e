import { createRoute, z } from '@hono/zod-openapi';
import { namesOfParts, partsOf } from '#lib/provenance/shared-parts.ts';
import { changePublication } from '#lib/services/sharing/change.ts';
import { type ListedPublication, listPublications } from '#lib/services/sharing/list.ts';
import { publish } from '#lib/services/sharing/publish.ts';
import { findTarget } from '#lib/services/sharing/target.ts';
import { withdraw } from '#lib/services/sharing/withdraw.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { pathParam } from '../params.ts';
import { ApiError } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { publication, wantedPublication } from '../schema/sharing.ts';
import { orSharingProblem } from './sharing-problem.ts';

const TAGS = ['Sharing'];
const needs = 'Needs a token with the scope admin.';
const publications = z.object({ publications: z.array(publication) }).openapi('Publications');
const params = z.object({ slug: pathParam('slug', 'Of the public page.') });

const list = createRoute({
  method: 'get',
  path: '/publications',
  tags: TAGS,
  summary: 'Everything that is or was public, the newest first',
  description: needs,
  security: [{ token: [] }],
  responses: { 200: json(publications, 'The public pages.'), ...problems(401, 403, 503) },
});

const put = createRoute({
  method: 'put',
  path: '/publications/{slug}',
  tags: TAGS,
  summary: 'Publish a model or a version, or change what its page shows',
  description: `The page is /p/SLUG. A page keeps what it is about: to publish something else, take another slug. ${needs}`,
  security: [{ token: [] }],
  request: { params, body: { required: true, content: { 'application/json': { schema: wantedPublication } } } },
  responses: { 200: json(publication, 'The page as it is now.'), ...problems(400, 401, 403, 404, 413, 422, 503) },
});

const remove = createRoute({
  method: 'delete',
  path: '/publications/{slug}',
  tags: TAGS,
  summary: 'Take a public page back',
  description: `Its address answers 410 from now on; caches may show it for a minute. ${needs}`,
  security: [{ token: [] }],
  request: { params },
  responses: { 204: { description: 'It is taken back.' }, ...problems(400, 401, 403, 404, 503) },
});

/** What is public, and the way to make it so and to take it back. */
export function addPublicationRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  const all = async () => (await listPublications(environment.database())).map(toJson);
  api.openapi(list, async (c) => {
    await requireScope(c, environment, 'admin');
    return c.json(conform(publications, { publications: await all() }), 200);
  });
  api.openAPIRegistry.registerPath(put);
  // Read by hand: who may not publish is told so before anything of the body is looked at.
  api.openapi({ ...put, hide: true, request: { params } }, async (c) => {
    const token = await requireScope(c, environment, 'admin');
    const { slug } = c.req.valid('param');
    const wanted = await readJson(c.req.raw, wantedPublication);
    const parts = partsOf(wanted.parts);
    const actor = { kind: 'token', name: token } as const;
    const ctx = context();
    const existing = (await listPublications(ctx.database)).find(
      (one) => one.slug === slug && one.withdrawnAt === null,
    );
    orSharingProblem(() => {
      const target = findTarget(ctx.database.db, wanted.model, wanted.version);
      if (!existing) return publish(ctx, { ...target, slug, parts, actor });
      if (existing.target.targetId === target.targetId) return changePublication(ctx, { slug, parts, actor });
      const detail = `The page ${slug} is about something else. Withdraw it, and publish under another slug.`;
      throw new ApiError({ code: 'sharing-refused', reason: 'slug-taken', detail, at: 'slug' });
    });
    const now = (await all()).find((one) => one.slug === slug);
    if (!now) throw new Error(`the publication ${slug} is gone`);
    return c.json(conform(publication, now), 200);
  });
  api.openapi(remove, async (c) => {
    const token = await requireScope(c, environment, 'admin');
    const { slug } = c.req.valid('param');
    orSharingProblem(() => withdraw(context(), { slug, actor: { kind: 'token', name: token } }));
    return c.body(null, 204);
  });
}

function toJson({ parts, ...row }: ListedPublication) {
  return { ...row, parts: [...namesOfParts(parts)] };
}
