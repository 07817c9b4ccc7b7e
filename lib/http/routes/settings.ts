import { createRoute, z } from '@hono/zod-openapi';
import { isSettingSection, SETTING_SECTION_KEYS, type SettingSectionKey } from '#lib/config/setting-sections.ts';
import { type ListedSetting, listSettings } from '#lib/services/setting/list.ts';
import { putSetting } from '#lib/services/setting/put.ts';
import {
  SettingChangedError,
  SettingRefusedError,
  SettingsNotReadyError,
  SettingUnknownError,
} from '#lib/services/setting/refusal.ts';
import { removeSetting } from '#lib/services/setting/remove.ts';
import type { Api, ApiEnvironment } from '../api.ts';
import { conform } from '../conform.ts';
import { describeIssue } from '../describe-issue.ts';
import { pathParam, rowParam } from '../params.ts';
import { ApiError, notFound } from '../problem.ts';
import { problems } from '../problem-schema.ts';
import { readJson } from '../read-json.ts';
import { requireScope } from '../require-scope.ts';
import { json } from '../responses.ts';
import { settingPut, settingsAnswer, settingWanted } from '../schema/setting.ts';

const TAGS = ['Settings'];
const MAX_BODY = 64 * 1024;

const needs = 'Needs a token with the scope admin.';

const section = pathParam('section', `A list of modeltrail.yaml: ${SETTING_SECTION_KEYS.join(', ')}.`);
const one = z.object({ section, name: pathParam('name', 'Of an item, percent-encoded.') });

const list = createRoute({
  method: 'get',
  path: '/settings/{section}',
  tags: TAGS,
  summary: 'The items of a list of the configuration',
  description: `Those of the file first, then those that were made in the browser or here. ${needs}`,
  security: [{ token: [] }],
  request: { params: z.object({ section }) },
  responses: { 200: json(settingsAnswer, 'The items.'), ...problems(400, 401, 403, 404, 503) },
});

const put = createRoute({
  method: 'put',
  path: '/settings/{section}/{name}',
  tags: TAGS,
  summary: 'Add or change an item of the configuration',
  description: `It is held to what the file is held to, and more: it may name no files, environment variables or private addresses. The jobs take it up within seconds. ${needs}`,
  security: [{ token: [] }],
  request: { params: one, body: { required: true, content: { 'application/json': { schema: settingWanted } } } },
  responses: { 200: json(settingPut, 'It is stored.'), ...problems(400, 401, 403, 404, 409, 413, 422, 503) },
});

const remove = createRoute({
  method: 'delete',
  path: '/settings/{section}/{name}',
  tags: TAGS,
  summary: 'Remove an item of the configuration',
  description: `Items of the file are not removed here. What it found stays. ${needs}`,
  security: [{ token: [] }],
  request: {
    params: one,
    query: z.object({
      revision: rowParam('Of the item as it was read.'),
    }),
  },
  responses: { 204: { description: 'It is gone.' }, ...problems(400, 401, 403, 404, 409, 503) },
});

/** Parts of the configuration that are set elsewhere than in the file. */
export function addSettingRoutes(api: Api, environment: ApiEnvironment): void {
  const context = () => ({ database: environment.database(), now: environment.now, log: environment.log });
  api.openapi(list, async (c) => {
    await requireScope(c, environment, 'admin');
    const section = readSection(c.req.valid('param').section);
    const { items } = await listSettings(environment.database(), section);
    return c.json(conform(settingsAnswer, { section, settings: items.map(toSetting) }), 200);
  });
  api.openAPIRegistry.registerPath(put);
  // Read by hand: who may not change settings is told so before anything of the body is looked at.
  api.put('/settings/:section/:name', async (c) => {
    const name = await requireScope(c, environment, 'admin');
    const params = one.safeParse(c.req.param());
    if (!params.success) throw new ApiError({ code: 'bad-request', ...describeIssue(params.error) });
    const given = await readJson(c.req.raw, settingWanted, MAX_BODY);
    const key = { section: readSection(params.data.section), name: params.data.name };
    const { value } = given;
    if (value.name !== undefined && value.name !== key.name) {
      const detail = 'The item has another name than the address.';
      throw new ApiError({ code: 'bad-request', detail, at: 'value.name' });
    }
    const actor = { kind: 'token', name } as const;
    const revision = answering(() => putSetting(context(), { ...key, ...given, actor }));
    return c.json(conform(settingPut, { name: key.name, revision }), 200);
  });
  api.openapi(remove, async (c) => {
    const by = await requireScope(c, environment, 'admin');
    const { section: list, name } = c.req.valid('param');
    const section = readSection(list);
    const { revision } = c.req.valid('query');
    const actor = { kind: 'token', name: by } as const;
    answering(() => removeSetting(context(), { section, name, revision, actor }));
    return c.body(null, 204);
  });
}

function readSection(key: string): SettingSectionKey {
  if (isSettingSection(key)) return key;
  throw notFound('There is no such list to add to.', `There are: ${SETTING_SECTION_KEYS.join(', ')}.`);
}

function toSetting({ name, state, place, problems: found, value }: ListedSetting) {
  const isFile = place.kind === 'file';
  return {
    name,
    state,
    setIn: place.kind,
    file: isFile ? place.path : null,
    line: isFile ? place.line : null,
    changedBy: isFile ? null : place.by,
    changedAt: isFile ? null : place.at,
    revision: isFile ? null : place.revision,
    problems: found.map(({ path, message, mend }) => ({ path: path.map(pathPart), message, mend })),
    value,
  };
}

function pathPart(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}

function answering<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof SettingRefusedError) {
      const at = error.problems[0]?.path.map(String).join('.') ?? '';
      throw new ApiError({ code: 'setting-refused', detail: error.message, at: at === '' ? 'value' : `value.${at}` });
    }
    if (error instanceof SettingChangedError) throw new ApiError({ code: 'setting-changed', detail: error.message });
    if (error instanceof SettingsNotReadyError) throw new ApiError({ code: 'not-ready', detail: error.message });
    if (error instanceof SettingUnknownError)
      throw notFound(error.message, 'GET /api/v1/settings/{section} lists them.');
    throw error;
  }
}
