import { createRoute, z } from '@hono/zod-openapi';
import { getIdentity } from '#lib/services/identity/get.ts';
import { listIdentities } from '#lib/services/identity/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { MAX_PAGE, nextField, pageQuery, withNext } from '../paging.ts';
import { flagParam, textParam } from '../params.ts';
import { notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { identityDetail, identitySummary } from '../schema/identity.ts';

const identityPage = z.object({ identities: z.array(identitySummary), next: nextField }).openapi('IdentityPage');

const list = createRoute({
  method: 'get',
  path: '/identities',
  tags: ['Identities'],
  summary: 'Identities by what they signed last, the latest first',
  description: 'A cursor keeps the limit of its first page. What is signed between two pages may move an identity.',
  request: {
    query: z.strictObject({
      search: textParam('Part of the identity or its issuer.', 512).optional(),
      unclaimed: flagParam('Only those with proven signings that nobody has shown.'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(identityPage, 'A page of identities.'), ...problems(400, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/identity',
  tags: ['Identities'],
  summary: 'All that one identity signed',
  request: {
    query: z.strictObject({
      san: textParam('The identity as it is shown, whole.'),
      issuer: textParam('Its issuer, whole; without one, the identity that names none.').optional(),
    }),
  },
  responses: { 200: json(identityDetail, 'The identity.'), ...problems(400, 404, 503) },
});

const place = z.object({ page: z.int().min(1).max(100_000), limit: z.int().min(1).max(MAX_PAGE) });
const cursor = cursorOf('identities', place);

/** Those who signed, as certificates name them. */
export function addIdentityRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, search, unclaimed, limit: asked } = c.req.valid('query');
    const { page, limit } = cursor.read(text) ?? { page: 0, limit: asked };
    const found = await listIdentities(environment.database(), { search, hasUnclaimed: unclaimed, page, limit });
    const next = withNext(c, found.hasMore ? cursor.format({ page: page + 1, limit }) : null);
    return c.json(conform(identityPage, { identities: found.identities, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { san, issuer = null } = c.req.valid('query');
    const found = await getIdentity(environment.database(), { san, issuer });
    if (!found) {
      throw notFound(
        'Nothing was seen that this identity signed.',
        'Give the issuer as GET /api/v1/identities has it.',
      );
    }
    return c.json(conform(identityDetail, found), 200);
  });
}
