import { createRoute, z } from '@hono/zod-openapi';
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
    const page = await listModels(environment.database(), { ...query, hasFindings: findings, olderThan });
    const next = withNext(c, page.older && cursor.format(page.older));
    return c.json(conform(modelPage, { models: page.models, next }), 200);
  });
  api.openapi(get, async (c) => {
    const { slug } = c.req.valid('param');
    const detail = await getModel(environment.database(), { slug });
    if (!detail) throw noSuchModel(slug);
    return c.json(toModel(detail), 200);
  });
}

export function noSuchModel(slug: string): ApiError {
  return notFound(`There is no model ${slug}.`, 'GET /api/v1/models lists what there is.');
}

function toModel({ model, versions, olderVersions }: ModelDetail) {
  return conform(modelDetail, { ...model, versions, olderVersions });
}
