import { createRoute, z } from '@hono/zod-openapi';
import type { OpenDatabase } from '#db/client.ts';
import { findArtifact } from '#lib/services/graph/find-artifact.ts';
import { getArtifact } from '#lib/services/graph/get-artifact.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { listVerdicts } from '#lib/services/graph/list-verdicts.ts';
import { allNoticesOf } from '#lib/services/incident/all-notices-of.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { integerParam, pathParam } from '../params.ts';
import { type ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { artifactDetail, SCHEMES, verdict } from '../schema/artifact.ts';
import { chain } from '../schema/chain.ts';

const params = z.object({
  scheme: z.enum(SCHEMES).openapi({
    param: { name: 'scheme', in: 'path' },
    description: 'A digest algorithm, `git` (a commit), `hf` (repository@commit), or `name` (a name or address).',
  }),
  value: pathParam('value', 'Digests in lowercase hex. Percent-encode slashes.', 2048),
});

type Name = z.output<typeof params>;

const chainQuery = z.strictObject({
  limit: integerParam({ min: 1, max: 5000, fallback: 200, description: 'Artifacts at the most, the nearest first.' }),
});

const verdictPage = z.object({ verdicts: z.array(verdict), next: nextField }).openapi('VerdictPage');

const get = createRoute({
  method: 'get',
  path: '/artifacts/{scheme}/{value}',
  tags: ['Artifacts'],
  summary: 'A thing with digests: a model’s files, a data set, a commit, an image',
  description: 'Found by any of its names, and by the digest of any file of a known version.',
  request: { params },
  responses: { 200: json(artifactDetail, 'The artifact.'), ...problems(400, 404, 503) },
});

const CHAINS = [
  ['ancestors', 'What it was made from, all the way up'],
  ['descendants', 'What was made of it, all the way down'],
] as const;

const history = createRoute({
  method: 'get',
  path: '/artifacts/{scheme}/{value}/verdicts',
  tags: ['Artifacts'],
  summary: 'Every verdict that it has had, newest first',
  request: { params, query: z.strictObject(pageQuery) },
  responses: { 200: json(verdictPage, 'A page of verdicts.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('verdicts', z.object({ at: z.int(), id: z.int() }));

/** Nodes of the graph. */
export function addArtifactRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(get, async (c) => {
    const name = c.req.valid('param');
    const database = environment.database();
    const found = await getArtifact(database, await requireArtifact(database, name));
    if (!found) throw noSuchArtifact(name);
    const { node, inputs: links, ...rest } = found;
    const notices = allNoticesOf(database.db, [node.id]).get(node.id) ?? [];
    return c.json(conform(artifactDetail, { ...node, ...rest, notices, links }), 200);
  });
  for (const [direction, summary] of CHAINS) addChainRoute(api, environment, direction, summary);
  api.openapi(history, async (c) => {
    const database = environment.database();
    const artifactId = await requireArtifact(database, c.req.valid('param'));
    const { cursor: text, limit } = c.req.valid('query');
    const found = await listVerdicts(database, { artifactId, before: cursor.read(text), limit: limit + 1 });
    const verdicts = found.slice(0, limit);
    const last = verdicts.at(-1);
    const next = withNext(c, last && found.length > limit ? cursor.format({ at: last.at, id: last.id }) : null);
    return c.json(conform(verdictPage, { verdicts, next }), 200);
  });
}

function addChainRoute(
  api: Api,
  environment: ApiEnvironment,
  direction: 'ancestors' | 'descendants',
  summary: string,
): void {
  const route = createRoute({
    method: 'get',
    path: `/artifacts/{scheme}/{value}/${direction}`,
    tags: ['Artifacts'],
    summary,
    request: { params, query: chainQuery },
    responses: { 200: json(chain, 'The chain.'), ...problems(400, 404, 503) },
  });
  api.openapi(route, async (c) => {
    const name = c.req.valid('param');
    const database = environment.database();
    const artifactId = await requireArtifact(database, name);
    const found = await getChain(database, { artifactId, direction, limit: c.req.valid('query').limit });
    if (!found) throw noSuchArtifact(name);
    return c.json(conform(chain, found), 200);
  });
}

/** @throws {ApiError} 404 */
async function requireArtifact(database: OpenDatabase, name: Name): Promise<number> {
  const found = await findArtifact(database, name);
  if (found === null) throw noSuchArtifact(name);
  return found;
}

function noSuchArtifact({ scheme, value }: Name): ApiError {
  return notFound(
    `Nothing is known by ${scheme}:${value.slice(0, 200)}.`,
    'Hand in a bundle that names it, or look it up by another of its digests.',
  );
}
