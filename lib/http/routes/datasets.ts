import { createRoute, z } from '@hono/zod-openapi';
import { listArtifacts } from '#lib/services/graph/list-artifacts.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { textParam } from '../params.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { listedArtifact } from '../schema/artifact.ts';

const datasetPage = z.object({ datasets: z.array(listedArtifact), next: nextField }).openapi('DatasetPage');

const list = createRoute({
  method: 'get',
  path: '/datasets',
  tags: ['Artifacts'],
  summary: 'Data sets, in the order in which they became known',
  description: 'What is a data set by its own signature, or what any statement calls one.',
  request: {
    query: z.strictObject({
      search: textParam('Part of the name, or of a digest or address.', 512).optional(),
      ...pageQuery,
    }),
  },
  responses: { 200: json(datasetPage, 'A page of data sets.'), ...problems(400, 503) },
});

const cursor = cursorOf('datasets', z.int());

/** Data sets; one by itself is an artifact. */
export function addDatasetRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, search, limit } = c.req.valid('query');
    const page = await listArtifacts(environment.database(), {
      kind: 'dataset',
      search,
      after: cursor.read(text),
      limit,
    });
    const next = withNext(c, page.next === null ? null : cursor.format(page.next));
    return c.json(conform(datasetPage, { datasets: page.artifacts, next }), 200);
  });
}
