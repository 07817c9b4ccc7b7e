import { createRoute, z } from '@hono/zod-openapi';
import { listFindings } from '#lib/services/finding/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { textParam } from '../params.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { finding, findingKind } from '../schema/finding.ts';

const findingPage = z.object({ findings: z.array(finding), next: nextField }).openapi('FindingPage');

const list = createRoute({
  method: 'get',
  path: '/findings',
  tags: ['Findings'],
  summary: 'What somebody should look at about models, newest first',
  request: {
    query: z.strictObject({
      state: z
        .enum(['open', 'resolved'])
        .optional()
        .openapi({ description: '`open`: what is so. `resolved`: what was so. Without it, both.' }),
      kind: findingKind.optional(),
      model: textParam('The slug of a model.', 200).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(findingPage, 'A page of findings.'), ...problems(400, 503) },
});

const cursor = cursorOf('findings', z.object({ firstAt: z.int(), id: z.string().max(100) }));

/** Findings about models. */
export function addFindingRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, ...query } = c.req.valid('query');
    const page = await listFindings(environment.database(), { ...query, olderThan: cursor.read(text) });
    const next = withNext(c, page.next && cursor.format(page.next));
    return c.json(conform(findingPage, { findings: page.findings, next }), 200);
  });
}
