import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configState } from '#db/schema/job.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { mintFileInForce } from '#test/state-factories.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

const YAML = `organisation: { name: Models Example, contact: security@models.example }
watch: [{ name: Release bot, identity: release-bot@models.example }]
`;

let scene: Scene;
let api: Api;

beforeEach(() => {
  scene = openScene();
  mintFileInForce(scene.ctx, YAML);
  api = createApi(scene.environment);
});
afterEach(() => scene.ctx.database.close());

function send(method: string, path: string, body?: unknown, scope: 'admin' | 'investigate' = 'admin') {
  const headers = { Authorization: `Bearer ${scene.token(scope)}`, 'Content-Type': 'application/json' };
  const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return ask(api, `/api/v1/settings/${path}`, { method, headers, ...init });
}
const RULE = { value: { identity: 'data-bot@models.example' } };
const codeOf = ({ response, body }: Awaited<ReturnType<typeof send>>) => [
  response.status,
  (body as { code?: string } | null)?.code,
];

describe('settings of the API', () => {
  it('are listed, added, changed and removed by whoever may, and written down', async () => {
    const added = await send('PUT', 'watch/data%20bot', RULE);
    expect(added.body).toEqual({ name: 'data bot', revision: 1 });
    const { body } = await send('GET', 'watch');
    expect(body).toMatchObject({
      section: 'watch',
      settings: [
        { name: 'Release bot', setIn: 'file', line: 2, revision: null, state: 'in-force' },
        {
          name: 'data bot',
          setIn: 'here',
          revision: 1,
          state: 'waiting',
          changedBy: expect.stringMatching(/^token ci/),
        },
      ],
    });
    expect((await send('PUT', 'watch/data%20bot', { ...RULE, enabled: false, revision: 1 })).body).toMatchObject({
      revision: 2,
    });
    const headers = { Authorization: `Bearer ${scene.token('admin')}` };
    const gone = await api.request('/api/v1/settings/watch/data%20bot?revision=2', { method: 'DELETE', headers });
    expect(gone.status).toBe(204);
    const actions = await listAudit(scene.ctx.database, { chain: 'settings', limit: 9 });
    expect(actions.map(({ action }) => action)).toEqual(['setting.removed', 'setting.changed', 'setting.added']);
  });

  it('are refused with the field at fault, and nothing is stored', async () => {
    const refused = await send('PUT', 'sources/s', { value: { github: 'o/r', 'token-file': '/etc/shadow' } });
    expect(codeOf(refused)).toEqual([422, 'setting-refused']);
    expect(refused.body).toMatchObject({
      at: 'value.token-file',
      detail: expect.stringContaining('only the file may'),
    });
    expect(codeOf(await send('PUT', 'watch/Release%20bot', RULE))).toEqual([422, 'setting-refused']);
    expect(codeOf(await send('PUT', 'trust/x', RULE))).toEqual([404, 'not-found']);
    expect(codeOf(await send('PUT', 'watch/x', '{'))).toEqual([400, 'bad-request']);
    expect(codeOf(await send('PUT', 'watch/x', { value: { name: 'y', identity: 'z' } }))).toEqual([400, 'bad-request']);
    expect(codeOf(await send('PUT', 'watch/x', { ...RULE, extra: 1 }))).toEqual([400, 'bad-request']);
    expect((await send('GET', 'sources')).body).toEqual({ section: 'sources', settings: [] });
  });

  it('are not changed over another change', async () => {
    await send('PUT', 'watch/a', RULE);
    expect(codeOf(await send('PUT', 'watch/a', RULE))).toEqual([409, 'setting-changed']);
    expect(codeOf(await send('DELETE', 'watch/a?revision=7'))).toEqual([409, 'setting-changed']);
    expect(codeOf(await send('DELETE', 'watch/none?revision=1'))).toEqual([404, 'not-found']);
    expect(codeOf(await send('DELETE', 'watch/a'))).toEqual([400, 'bad-request']);
  });

  it('are for the scope admin alone', async () => {
    for (const [method, path] of [
      ['GET', 'watch'],
      ['PUT', 'watch/a'],
      ['DELETE', 'watch/a?revision=1'],
    ] as const) {
      const body = method === 'PUT' ? RULE : undefined;
      expect(codeOf(await send(method, path, body, 'investigate')), method).toEqual([403, 'missing-scope']);
    }
  });

  it('say that they are not ready before a configuration was in force', async () => {
    scene.ctx.database.db.update(configState).set({ composition: null }).run();
    expect(codeOf(await send('PUT', 'watch/a', RULE))).toEqual([503, 'not-ready']);
  });
});
