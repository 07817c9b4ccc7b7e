import { createRoute, z } from '@hono/zod-openapi';
import { namesOfParts, partsOf } from '#lib/provenance/shared-parts.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import { createShareLink } from '#lib/services/sharing/create-share-link.ts';
import { type ListedShareLink, listShareLinks } from '#lib/services/sharing/list-share-links.ts';
import { revokeShareLink } from '#lib/services/sharing/revoke-share-link.ts';
import { findTarget } from '#lib/services/sharing/target.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { pathParam } from '../params.ts';
import { notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { shareLink, wantedLink } from '../schema/sharing.ts';
import { time } from '../schema/time.ts';
import { orSharingProblem } from './sharing-problem.ts';

const TAGS = ['Sharing'];
const needs = 'Needs a token with the scope admin.';
const links = z.object({ links: z.array(shareLink) }).openapi('ShareLinks');
const created = z
  .object({
    id: z.string(),
    address: z.string().openapi({
      description: 'The link, shown this once: its secret is not stored. Relative where access.public-url is not set.',
    }),
    expiresAt: time('When it runs out.'),
  })
  .openapi('CreatedShareLink');

const list = createRoute({
  method: 'get',
  path: '/share-links',
  tags: TAGS,
  summary: 'All unlisted links there ever were, the newest first',
  description: `Nothing of it opens a page. ${needs}`,
  security: [{ token: [] }],
  responses: { 200: json(links, 'The links.'), ...problems(401, 403, 503) },
});

const post = createRoute({
  method: 'post',
  path: '/share-links',
  tags: TAGS,
  summary: 'Make an unlisted link',
  description: `Whoever has it sees the page, until it runs out or is revoked. Idempotency keys do not count here: the answer is stored nowhere. ${needs}`,
  security: [{ token: [] }],
  request: { body: { required: true, content: { 'application/json': { schema: wantedLink } } } },
  responses: { 200: json(created, 'The link.'), ...problems(400, 401, 403, 404, 413, 422, 503) },
});

const revoke = createRoute({
  method: 'delete',
  path: '/share-links/{id}',
  tags: TAGS,
  summary: 'Take an unlisted link out of use',
  description: `At once. It stays listed. ${needs}`,
  security: [{ token: [] }],
  request: { params: z.object({ id: pathParam('id', 'Of the list.') }) },
  responses: { 204: { description: 'It opens nothing any more.' }, ...problems(400, 401, 403, 404, 503) },
});

/** Unlisted links. */
export function addShareLinkRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openapi(list, async (c) => {
    await requireScope(c, environment, 'admin');
    const all = (await listShareLinks(environment.database())).map(toJson);
    return c.json(conform(links, { links: all }), 200);
  });
  api.openAPIRegistry.registerPath(post);
  api.post(post.path, async (c) => {
    const token = await requireScope(c, environment, 'admin');
    const { model, version, parts, note, days } = await readJson(c.req.raw, wantedLink);
    const ctx = context();
    const { id, secret, expiresAt } = orSharingProblem(() => {
      const target = findTarget(ctx.database.db, model, version);
      return createShareLink(ctx, {
        ...target,
        parts: partsOf(parts),
        note,
        days,
        actor: { kind: 'token', name: token },
      });
    });
    const address = `${publicAddress(ctx.database) ?? ''}/s/${secret}`;
    return c.json(conform(created, { id, address, expiresAt }), 200);
  });
  api.openapi(revoke, async (c) => {
    const token = await requireScope(c, environment, 'admin');
    const { id } = c.req.valid('param');
    if (!revokeShareLink(context(), { id, actor: { kind: 'token', name: token } })) {
      throw notFound('No link of this id is in use.', 'GET /api/v1/share-links lists them.');
    }
    return c.body(null, 204);
  });
}

function toJson({ parts, ...row }: ListedShareLink) {
  return { ...row, parts: [...namesOfParts(parts)] };
}
