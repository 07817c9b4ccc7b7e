import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alerts } from '#db/schema/alert.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import { stableId } from '#lib/ids.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { mintHex } from '#test/factories.ts';
import { ask } from './described.ts';
import { bytesOf, openScene, rootOf, type Scene, signModel, standards } from './scene.ts';

const PATH = '/api/v1/deployments';
const CHAT = { environment: 'production', service: 'chat' };
let scene: Scene;
let api: Api;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterEach(() => scene.ctx.database.close());

function send(method: string, path: string, token: string | null, body?: unknown) {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== null && { Authorization: `Bearer ${token}` }),
  };
  return ask(api, path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

/** The digest of a file of the scene: its contents are its name. */
const contents = (path: string) => createHash('sha256').update(path).digest('hex');
const alertsOf = () => scene.ctx.database.db.select().from(alerts).all();

describe('registering what runs over the API', () => {
  it('takes a signed version by its digest, its id, its name or its files, and confirms the same again', async () => {
    const token = scene.token('deploy');
    const [root] = scene.roots;
    const first = await send('POST', PATH, token, { ...CHAT, digest: `sha256:${root}` });
    expect(first.body).toMatchObject({
      outcome: 'started',
      replaced: null,
      deployment: { ...CHAT, name: 'northwind', given: `sha256:${root}`, source: 'token ci 0', versions: [{ root }] },
    });
    scene.ctx.tick(60_000);
    const versionId = stableId('version', stableId('model', 'northwind'), root);
    const files = ['config.json', 'model.safetensors'].map((path) => ({ path, size: null, digest: contents(path) }));
    const manifest = { format: 'modeltrail.manifest/v1', name: 'any', hashType: 'sha256', files };
    for (const what of [{ versionId }, { manifest }]) {
      const again = await send('POST', PATH, token, { ...CHAT, ...what });
      expect(again.body).toMatchObject({ outcome: 'confirmed', replaced: null });
    }
    const { body } = await send('GET', `${PATH}?environment=production`, token);
    const now = scene.ctx.now();
    expect(body).toMatchObject({ deployments: [{ startedAt: now - 60_000, confirmedAt: now, endedAt: null }] });
    expect((await send('GET', `${PATH}?service=other`, token)).body).toMatchObject({ deployments: [] });
  });

  it('ends what ran there when something else does, and on demand, each once in the audit', async () => {
    const token = scene.token('deploy');
    const [first, second] = scene.roots;
    const one = await send('POST', PATH, token, { ...CHAT, digest: `sha256:${first}` });
    const elsewhere = await send('POST', PATH, token, { ...CHAT, service: 'search', digest: `sha256:${first}` });
    const { id } = (one.body as { deployment: { id: string } }).deployment;
    const two = await send('POST', PATH, token, { ...CHAT, digest: `sha256:${second}` });
    expect(two.body).toMatchObject({ outcome: 'started', replaced: id });
    const running = await send('GET', PATH, token);
    expect((running.body as { deployments: unknown[] }).deployments).toHaveLength(2);
    const other = (elsewhere.body as { deployment: { id: string } }).deployment.id;
    for (let i = 0; i < 2; i++) {
      const ended = await send('POST', `${PATH}/${other}/end`, token, {});
      expect(ended.body).toMatchObject({ id: other, endedAt: scene.ctx.now() });
    }
    expect((await send('POST', `${PATH}/dep_none/end`, token, {})).response.status).toBe(404);
    const entries = await listAudit(scene.ctx.database, { chain: 'deployments', limit: 50 });
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'deployment.ended',
      'deployment.ended',
      'deployment.started',
      'deployment.started',
      'deployment.started',
    ]);
    expect(await checkAuditChain(scene.ctx.database, 'deployments')).toBeNull();
  });

  it('says that an unsigned version is refused, alerts, and takes both back once its signature comes', async () => {
    const token = scene.token('deploy');
    const late = signModel('late', ['late.bin', 'late.json']);
    const digest = `sha256:${rootOf(late)}`;
    const { body } = await send('POST', PATH, token, { ...CHAT, digest });
    expect(body).toMatchObject({
      outcome: 'started',
      deployment: { name: null, versions: [], refused: true, verdict: { signature: 'unknown' } },
    });
    expect(alertsOf()).toMatchObject([{ kind: 'refused-deployment', severity: 'critical', state: 'new' }]);
    expect(ingestBundle(scene.ctx, bytesOf(late), standards).outcome).not.toBe('refused');
    const { body: page } = await send('GET', PATH, token);
    expect(page).toMatchObject({
      deployments: [{ name: 'late', refused: false, verdict: { signature: 'verified', refusals: [] } }],
    });
    expect(alertsOf()).toMatchObject([{ state: 'resolved' }]);
  });

  it('pages by cursor, and gives what ended only when asked', async () => {
    const token = scene.token('deploy');
    for (let i = 0; i < 5; i++) {
      await send('POST', PATH, token, { ...CHAT, service: `s${i}`, digest: `sha256:${mintHex(`d${i}`)}` });
      scene.ctx.tick(1);
    }
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await send('GET', `${PATH}?limit=2${next === '' ? '' : `&cursor=${next}`}`, token);
      const page = body as { deployments: { service: string }[]; next: string | null };
      seen.push(...page.deployments.map(({ service }) => service));
      next = page.next;
    }
    expect(seen).toEqual(['s4', 's3', 's2', 's1', 's0']);
    expect((await send('GET', `${PATH}?state=ended`, token)).body).toMatchObject({ deployments: [] });
  });

  it.each([
    ['none', null, 401],
    ['read', 'read', 403],
    ['ingest', 'ingest', 403],
  ] as const)(
    'needs the scope deploy, for reading too; with %s it is refused',
    async (_, scope: Scope | null, status) => {
      const token = scope === null ? null : scene.token(scope);
      expect((await send('POST', PATH, token, { nothing: 1 })).response.status).toBe(status);
      expect((await send('GET', PATH, token)).response.status).toBe(status);
      expect((await send('POST', `${PATH}/dep_1/end`, token, {})).response.status).toBe(status);
    },
  );

  it.each([
    [{ ...CHAT }, 400, 'digest'],
    [{ ...CHAT, digest: 'sha256:AB' }, 400, 'digest'],
    [{ ...CHAT, digest: `sha256:${mintHex('a')}`, model: 'northwind', version: '1' }, 400, 'digest'],
    [{ ...CHAT, model: 'northwind' }, 400, 'version'],
    [{ ...CHAT, environment: ' x', digest: `sha256:${mintHex('a')}` }, 400, 'environment'],
    [{ ...CHAT, service: 'a\u202eb', digest: `sha256:${mintHex('a')}` }, 400, 'service'],
    [{ ...CHAT, digest: `sha256:${mintHex('a')}`, run: true }, 400, 'run'],
    [{ ...CHAT, versionId: `ver_${'0'.repeat(24)}` }, 422, 'versionId'],
    [{ ...CHAT, model: 'nobody', version: '1' }, 422, 'model'],
    [{ ...CHAT, model: 'northwind', version: '9' }, 422, 'version'],
    [{ ...CHAT, manifest: { format: 'none' } }, 422, 'manifest.format'],
    [{ ...CHAT, manifest: {} }, 422, 'manifest'],
  ])('refuses %j at the field at fault, and keeps nothing', async (body, status, at) => {
    const token = scene.token('deploy');
    const { response, body: problem } = await send('POST', PATH, token, body);
    expect([response.status, problem]).toMatchObject([status, { at }]);
    expect((await send('GET', `${PATH}?state=all`, token)).body).toMatchObject({ deployments: [] });
  });
});
