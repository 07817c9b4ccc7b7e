import { createRoute, z } from '@hono/zod-openapi';
import { type ListedDelivery, listDeliveries } from '#lib/services/source/list-deliveries.ts';
import { listSources } from '#lib/services/source/list-sources.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { textParam } from '../params.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { delivery, source } from '../schema/source.ts';

const sourceList = z.object({ sources: z.array(source) }).openapi('SourceList');

const deliveryPage = z
  .object({
    deliveries: z.array(delivery),
    counts: z.object({ accepted: z.int(), refused: z.int() }).openapi({ description: 'Of all, whatever the outcome.' }),
    next: nextField,
  })
  .openapi('DeliveryPage');

const outcome = z.enum(['accepted', 'refused']);

const list = createRoute({
  method: 'get',
  path: '/sources',
  tags: ['Sources'],
  summary: 'The ways in, each with its last look',
  responses: { 200: json(sourceList, 'The sources of the configuration in force.'), ...problems(503) },
});

const deliveries = createRoute({
  method: 'get',
  path: '/sources/deliveries',
  tags: ['Sources'],
  summary: 'What was brought, refused files first, then the latest',
  request: {
    query: z.strictObject({
      outcome: outcome.optional(),
      source: textParam('The name of a source or token, `browser` or `command line`.', 512).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(deliveryPage, 'A page of deliveries.'), ...problems(400, 503) },
});

const cursor = cursorOf('deliveries', z.object({ outcome, checkedAt: z.int(), id: z.int() }));

/** Ways in and what came by them. */
export function addSourceRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const sources = await listSources(environment.database());
    return c.json(conform(sourceList, { sources }), 200);
  });
  api.openapi(deliveries, async (c) => {
    const { cursor: text, ...query } = c.req.valid('query');
    const page = await listDeliveries(environment.database(), { ...query, after: cursor.read(text) });
    const next = withNext(c, page.next && cursor.format(page.next));
    return c.json(conform(deliveryPage, { deliveries: page.files.map(toDelivery), counts: page.counts, next }), 200);
  });
}

function toDelivery({ reasonCode: code, model: name, slug, ...row }: ListedDelivery) {
  return { ...row, code, model: name === null || slug === null ? null : { name, slug } };
}
