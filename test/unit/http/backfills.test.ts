import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logs } from '#db/schema/log.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import { mintCheckpoint, mintCoverage, mintLog, mintRuleSearch } from '#test/factories.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;
let api: Api;
let path: string;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
  const { database } = scene.ctx;
  const log = mintLog(database, { origin: 'late.example', startIndex: 400, instance: 'server.example', treeId: '77' });
  mintCoverage(database, log, 400, 1000);
  mintRuleSearch(database, log, 'Release bot', 900);
  mintCheckpoint(database, log, {
    seenFrom: 'witness',
    seenAt: 'w1',
    quorum: false,
    cosignatures: 1,
    cosigners: '[{"name":"w1","timestamp":1770000000}]',
  });
  path = `/api/v1/logs/${log.id}`;
});
afterEach(() => scene.ctx.database.close());

function post(body: unknown, { token, key }: { token?: string; key?: string } = {}) {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(key !== undefined && { 'Idempotency-Key': key }),
  };
  return ask(api, `${path}/backfills`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('a log over the API', () => {
  it('says what it belongs to, what is covered and who signed its heads', async () => {
    const { body } = await ask(api, path);
    const cosigners = [{ name: 'w1', timestamp: 1_770_000_000 }];
    expect(body).toMatchObject({
      log: {
        instance: 'server.example',
        treeId: '77',
        reading: 'entries',
        coverageRanges: 1,
        coveredEntries: 600,
        mirror: 'matches',
        openBackfills: [],
        lastCheckpoint: { seenFrom: 'witness', seenAt: 'w1', quorum: false, cosigners },
      },
      checkpoints: [{ seenFrom: 'witness', quorum: false, cosigners }],
    });
  });

  it('says what its rules have not seen', async () => {
    const { body } = await ask(api, `${path}/rules`);
    const unseen = [{ startIndex: 400, endIndex: 900 }];
    expect(body).toMatchObject({
      rules: [{ rule: 'Release bot', unseen, entries: 500, toAsk: unseen, isKept: false }],
    });
  });
});

describe('searching the past over the API', () => {
  it('needs a token with the scope admin, before anything of the body is looked at', async () => {
    // Somebody reads in the browser of the scene, which is not enough.
    expect((await post('nonsense')).response.status).toBe(403);
    expect((await post('nonsense', { token: scene.token('ingest') })).response.status).toBe(403);
    const { body } = await ask(api, `${path}/backfills`);
    expect(body).toEqual({ backfills: [] });
  });

  it('opens a search of what stands before the tail, and tells how far it is', async () => {
    const { body } = await post({}, { token: scene.token('admin') });
    expect(body).toMatchObject({
      backfills: [
        { kind: 'history', rules: null, startIndex: 0, endIndex: 400, state: 'open', entries: 0, total: 400 },
      ],
    });
    expect((await ask(api, `${path}/backfills`)).body).toEqual(body);
    const { logs: listed } = (await ask(api, '/api/v1/logs')).body as { logs: { origin: string }[] };
    expect(listed.find(({ origin }) => origin === 'late.example')).toMatchObject({ openBackfills: [{ total: 400 }] });
  });

  it('opens one for late rules', async () => {
    const { body } = await post({ rules: ['Release bot'] }, { token: scene.token('admin') });
    expect(body).toMatchObject({
      backfills: [{ kind: 'rules', rules: ['Release bot'], startIndex: 400, endIndex: 900 }],
    });
  });

  it('gives the same answer to the same request with the same key, and opens nothing twice', async () => {
    const token = scene.token('admin');
    const first = await post({}, { token, key: 'once' });
    const again = await post({}, { token, key: 'once' });
    expect(again.response.headers.get('Idempotency-Replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('says in one sentence why it is refused', async () => {
    const token = scene.token('admin');
    await post({}, { token });
    const twice = await post({}, { token });
    expect([twice.response.status, twice.body]).toMatchObject([
      422,
      {
        code: 'back-fill-refused',
        detail: 'All that stands before the tail of late.example is read already, or being read.',
      },
    ]);
    expect((await post({ rules: ['nobody'] }, { token })).body).toMatchObject({ code: 'back-fill-refused' });
    expect((await post({ rules: [] }, { token })).body).toMatchObject({ code: 'bad-request', at: 'rules' });
    expect((await post({ history: true }, { token })).body).toMatchObject({ code: 'bad-request' });
    scene.ctx.database.db.update(logs).set({ state: 'frozen' }).run();
    expect((await post({ rules: ['Release bot'] }, { token })).body).toMatchObject({
      detail: 'late.example is frozen: nothing is read from it until it is thawed.',
    });
  });

  it('is stopped by who may, once', async () => {
    const { body } = await post({}, { token: scene.token('admin') });
    const [{ id } = { id: 0 }] = (body as { backfills: { id: number }[] }).backfills;
    const stop = (token: string) =>
      api.request(`${path}/backfills/${id}`, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
    expect((await stop(scene.token('ingest'))).status).toBe(403);
    expect((await stop(scene.token('admin'))).status).toBe(204);
    expect((await stop(scene.token('admin'))).status).toBe(422);
    expect((await ask(api, `${path}/backfills`)).body).toMatchObject({ backfills: [{ id, state: 'stopped' }] });
  });

  it('of a log or search that is not there is 404', async () => {
    const headers = { Authorization: `Bearer ${scene.token('admin')}` };
    for (const target of ['/api/v1/logs/999/backfills', '/api/v1/logs/999/rules']) {
      expect((await ask(api, target)).response.status).toBe(404);
    }
    expect((await ask(api, `${path}/backfills/9`, { method: 'DELETE', headers })).response.status).toBe(404);
    path = '/api/v1/logs/999';
    expect((await post({}, { token: scene.token('admin') })).response.status).toBe(404);
  });
});
