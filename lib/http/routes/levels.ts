import { createRoute, z } from '@hono/zod-openapi';
import { LEVEL_LIMITS, ML_LEVEL } from '#lib/provenance/ml-level/level-words.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import type { NamedLevel } from '#lib/services/level/get-level.ts';
import { judgeVersion } from '#lib/services/level/judge-version.ts';
import { summaryStatement as makeSummary } from '#lib/services/level/summary-statement.ts';
import { getVersion } from '#lib/services/model/get-version.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { pathParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { summaryStatement, versionLevel } from '../schema/level.ts';
import { slugParam } from './models.ts';

const params = z.object({ slug: slugParam, version: pathParam('version', 'Of a version: `ver_…`.') });

const get = createRoute({
  method: 'get',
  path: '/models/{slug}/versions/{version}/level',
  tags: ['Models'],
  summary: 'The level of a version, check by check, with SLSA’s levels beside it',
  request: { params },
  responses: { 200: json(versionLevel, 'The level.'), ...problems(400, 404, 503) },
});

const getSummary = createRoute({
  method: 'get',
  path: '/models/{slug}/versions/{version}/level/summary',
  tags: ['Models'],
  summary: 'The same as a verification summary (VSA) of SLSA, to be signed by whoever stands behind it',
  request: {
    params,
    query: z.strictObject({
      verifier: z
        .url()
        .max(2048)
        .optional()
        .openapi({ description: 'URI of who stands behind it; access.public-url where not said.' }),
      require: z
        .enum(['1', '2', '3', '4'])
        .default('1')
        .openapi({ description: 'The level from which on the result is PASSED.' }),
    }),
  },
  responses: { 200: json(summaryStatement, 'The statement, unsigned.'), ...problems(400, 404, 503) },
});

/** Levels of versions. */
export function addLevelRoutes(api: Api, environment: ApiEnvironment): void {
  const read = async (slug: string, versionId: string): Promise<NamedLevel> => {
    const database = environment.database();
    const detail = await getVersion(database, { versionId, fileLimit: 0 });
    if (detail?.model.slug === slug) return { detail, level: judgeVersion(database, detail) };
    throw notFound(`The model ${slug} has no version ${versionId}.`, `GET /api/v1/models/${slug} lists them.`);
  };
  api.openapi(get, async (c) => {
    const { slug, version } = c.req.valid('param');
    const { level } = await read(slug, version);
    const { word, meaning } = ML_LEVEL[level.level];
    return c.json(conform(versionLevel, { ...level, word, meaning, limits: [...LEVEL_LIMITS] }), 200);
  });
  api.openapi(getSummary, async (c) => {
    const { slug, version } = c.req.valid('param');
    const { verifier: said, require } = c.req.valid('query');
    const named = await read(slug, version);
    const database = environment.database();
    const verifier = said ?? publicAddress(database);
    if (verifier === null) {
      const detail = 'Say who verifies: verifier=URI, or access.public-url in the configuration.';
      throw new ApiError({ code: 'bad-request', detail, at: 'verifier' });
    }
    const required = LEVELS[require];
    return c.json(
      conform(summaryStatement, makeSummary(database, named, { verifier, required, now: environment.now() })),
      200,
    );
  });
}

const LEVELS = { 1: 1, 2: 2, 3: 3, 4: 4 } as const;
