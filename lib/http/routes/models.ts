import { createRoute, z } from '@hono/zod-openapi';
import type { OpenDatabase } from '#db/client.ts';
import { noticesOfVersions } from '#lib/services/incident/notices-by.ts';
import { getModel, type ModelDetail } from '#lib/services/model/get.ts';
import { listModels } from '#lib/services/model/list.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { cursorOf } from '../cursor.ts';
import { nextField, pageQuery, withNext } from '../paging.ts';
import { flagParam, pathParam, textParam } from '../params.ts';
import { type ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { json } from '../responses.ts';
import { modelDetail, modelSummary } from '../schema/model.ts';
import { linkState, modelState } from '../schema/states.ts';

export const slugParam = pathParam('slug', 'Of a model, as its page has it.', 200);

const modelPage = z.object({ models: z.array(modelSummary), next: nextField }).openapi('ModelPage');

const list = createRoute({
  method: 'get',
  path: '/models',
  tags: ['Models'],
  summary: 'Models, the last signed first',
  description: 'Data sets are signed like models, and are listed by /datasets.',
  request: {
    query: z.strictObject({
      search: textParam('Part of the name.', 512).optional(),
      signer: textParam('Part of the identity that signed last.', 512).optional(),
      state: modelState.optional(),
      weakest: z
        .union([linkState, z.literal('none')])
        .optional()
        .openapi({ description: 'The weakest link of the newest version; `none` where no input is stated.' }),
      findings: flagParam('Only models with open findings.'),
      ...pageQuery,
    }),
  },
  responses: { 200: json(modelPage, 'A page of models.'), ...problems(400, 503) },
});

const get = createRoute({
  method: 'get',
  path: '/models/{slug}',
  tags: ['Models'],
  summary: 'One model with its versions, their signatures and attestations',
  request: { params: z.object({ slug: slugParam }) },
  responses: { 200: json(modelDetail, 'The model.'), ...problems(400, 404, 503) },
});

const cursor = cursorOf('models', z.object({ at: z.int(), id: z.string().max(100) }));

/** Models. */
export function addModelRoutes(api: Api, environment: ApiEnvironment): void {
  api.openapi(list, async (c) => {
    const { cursor: text, findings, ...query } = c.req.valid('query');
    const olderThan = cursor.read(text);
    const database = environment.database();
    const page = await listModels(database, { ...query, hasFindings: findings, olderThan });
    const next = withNext(c, page.older && cursor.format(page.older));
    const notices = noticesOfVersions(
      database,
      page.models.flatMap(({ newest }) => newest?.id ?? []),
    );
    const models = page.models.map(({ newest, ...model }) => ({
      ...model,
      newest: newest && { ...newest, notices: notices.get(newest.id) ?? [] },
    }));
    return c.json(conform(modelPage, { models, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { slug } = c.req.valid('param');
    const database = environment.database();
    const detail = await getModel(database, { slug });
    if (!detail) throw noSuchModel(slug);
    return c.json(toModel(database, detail), 200);
  });
}

export function noSuchModel(slug: string): ApiError {
  return notFound(`There is no model ${slug}.`, 'GET /api/v1/models lists what there is.');
}

function toModel(database: OpenDatabase, { model, versions, olderVersions }: ModelDetail) {
  const notices = noticesOfVersions(
    database,
    versions.map(({ id }) => id),
  );
  const told = versions.map((version) => ({ ...version, notices: notices.get(version.id) ?? [] }));
  return conform(modelDetail, { ...model, versions: told, olderVersions });
}
