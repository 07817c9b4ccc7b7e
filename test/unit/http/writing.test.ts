import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { mintHex } from '#test/factories.ts';
import { ask } from './described.ts';
import { bytesOf, openScene, rootOf, type Scene, signModel } from './scene.ts';

let scene: Scene;
let api: Api;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterEach(() => scene.ctx.database.close());

interface Sent {
  readonly token?: string;
  readonly key?: string;
  readonly type?: string;
}

function post(target: string, body: BodyInit | null, { token, key, type = 'text/plain' }: Sent = {}) {
  const headers = {
    'Content-Type': type,
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(key !== undefined && { 'Idempotency-Key': key }),
  };
  return ask(api, `/api/v1${target}`, { method: 'POST', headers, body });
}

const sums = (...files: readonly string[]) => files.map((path) => `${mintHex(path)}  ${path}\n`).join('');
const findingsOf = async (kind: string) =>
  ((await ask(api, `/api/v1/findings?state=open&kind=${kind}`)).body as { findings: { statement: string }[] }).findings;

describe('registering a version', () => {
  it('keeps its files before anybody signs, and says that nobody did', async () => {
    const token = scene.token('ingest');
    const first = await post('/models/tern/versions?label=1.0.0', sums('a', 'b', '.git/config'), { token });
    expect(first.body).toMatchObject({ outcome: 'registered', label: '1.0.0', fileCount: 2, source: 'ci 0' });
    const again = await post('/models/tern/versions?label=1.0.0', sums('b', 'a'), { token: scene.token('ingest') });
    expect(again.body).toMatchObject({ outcome: 'known', source: 'ci 0' });
    const { model, versionId } = first.body as { model: { slug: string }; versionId: string };
    const { body } = await ask(api, `/api/v1/models/${model.slug}/versions/${versionId}`);
    expect(body).toMatchObject({
      seenAs: 'registered',
      label: '1.0.0',
      registration: { source: 'ci 0' },
      signings: [],
    });
    const bySlug = await post(`/models/${model.slug}/versions?label=2`, sums('c'), { token });
    expect(bySlug.body).toMatchObject({ model: { name: 'tern' } });
    expect(await findingsOf('unsigned-version')).toHaveLength(1); // of the scene itself
  });

  it('refuses other files under a label that is taken, and makes a finding of it until they have a label of their own', async () => {
    const token = scene.token('ingest');
    await post('/models/tern/versions?label=1.0.0', sums('a'), { token });
    const other = await post('/models/tern/versions?label=1.0.0', sums('a', 'c'), { token });
    expect([other.response.status, other.body]).toMatchObject([409, { code: 'label-taken', at: 'label' }]);
    expect(await findingsOf('registered-mismatch')).toHaveLength(1);
    await post('/models/tern/versions?label=1.0.1', sums('a', 'c'), { token });
    expect(await findingsOf('registered-mismatch')).toEqual([]);
  });

  it('becomes a signed one when its signature comes, and keeps its registration', async () => {
    const token = scene.token('ingest');
    const bundle = signModel('tern', ['a', 'b']);
    const list = bytesOf(bundle);
    const registered = await post('/models/tern/versions?label=1.0.0', list, { token, type: 'application/json' });
    expect(registered.body).toMatchObject({ outcome: 'registered', root: rootOf(bundle) });
    await post('/bundles', list, { token, type: 'application/json' });
    const { model, versionId } = registered.body as { model: { slug: string }; versionId: string };
    const { body } = await ask(api, `/api/v1/models/${model.slug}/versions/${versionId}`);
    expect(body).toMatchObject({ seenAs: 'signed', label: '1.0.0', registration: { label: '1.0.0' } });
  });

  it('refuses lists without all digests, and names that nobody can read', async () => {
    const token = scene.token('ingest');
    for (const [target, list, code] of [
      ['/models/tern/versions?label=1', sums('.git/a'), 'incomplete'],
      ['/models/tern/versions?label=%20', sums('a'), 'bad-name'],
      ['/models/te%E2%80%AErn/versions?label=1', sums('a'), 'bad-name'],
      ['/models/tern/versions?label=1', 'no list', 'bad-line'],
    ] as const) {
      const { response, body } = await post(target, list, { token });
      expect([response.status, body], target).toMatchObject([422, { code }]);
    }
    expect(
      (await post('/models/tern/versions?label=1', sums('a'), { token: scene.token('verify') })).response.status,
    ).toBe(403);
  });
});

describe('verifying a list of hashes', () => {
  it('answers, keeps the receipt, and can be asked again', async () => {
    const token = scene.token('verify');
    await post('/models/tern/versions?label=1', sums('a', 'b'), { token: scene.token('ingest') });
    const { body } = await post('/verifications?model=tern&version=1&require=expected,signed', sums('a', 'b'), {
      token,
    });
    expect(body).toMatchObject({ answer: { outcome: 'unsigned', expected: { isMet: true }, files: [] } });
    expect((body as { unmet: string[] }).unmet).toHaveLength(1);
    const { id } = body as { id: string };
    const again = await post(`/verifications/${id}/runs`, null, { token });
    expect((again.body as { runs: unknown[] }).runs).toHaveLength(2);
    expect((await ask(api, `/api/v1/verifications/${id}`)).body).toMatchObject({ id, source: 'ci 0' });
    const files = await ask(api, `/api/v1/verifications/${id}/files?limit=1`);
    expect(files.body).toMatchObject({ total: 2, files: [{ path: 'a', state: 'matches' }] });
    const { next } = files.body as { next: string };
    const more = await ask(api, `/api/v1/verifications/${id}/files?cursor=${next}`);
    expect(more.body).toMatchObject({ files: [{ path: 'b' }], next: null });
    expect((await ask(api, '/api/v1/verifications')).body).toMatchObject({ verifications: [{ id }] });
  });

  it('makes a finding of files that are not what was expected, until the same place is good', async () => {
    const token = scene.token('verify');
    await post('/models/tern/versions?label=1', sums('a', 'b'), { token: scene.token('ingest') });
    const check = (...files: string[]) =>
      post('/verifications?model=tern&version=1&place=prod', sums(...files), { token });
    await check('a', 'x');
    const [finding] = await findingsOf('hash-mismatch');
    expect(finding).toMatchObject({
      evidence: { place: 'prod', 'file b': 'missing', receipt: expect.stringMatching(/^vrf_/) },
    });
    await post('/verifications?model=tern&version=1&place=prod', sums('a', 'b'), { token: scene.token('verify') });
    expect(await findingsOf('hash-mismatch')).toHaveLength(1);
    scene.ctx.tick(1000);
    await check('a', 'b');
    expect(await findingsOf('hash-mismatch')).toEqual([]);
  });

  it('says what cannot be read, or is not known, and keeps nothing', async () => {
    const token = scene.token('verify');
    for (const [target, body, status, at] of [
      ['/verifications', 'zz  a', 422, 'line 1'],
      ['/verifications?model=nobody', sums('a'), 422, 'model'],
      ['/verifications?version=1', sums('a'), 400, 'version'],
      ['/verifications?model=northwind&require=good', sums('a'), 400, 'require'],
      ['/verifications?modle=northwind', sums('a'), 400, 'modle'],
    ] as const) {
      const answer = await post(target, body, { token });
      expect([answer.response.status, answer.body], target).toMatchObject([status, { at }]);
    }
    expect((await ask(api, '/api/v1/verifications')).body).toMatchObject({ verifications: [] });
  });
});

describe('an idempotency key', () => {
  it('gives the answer of the first request again, to the same token for 24 hours', async () => {
    const token = scene.token('verify');
    const first = await post('/verifications', sums('a'), { token, key: 'k1' });
    const again = await post('/verifications', sums('a'), { token, key: 'k1' });
    expect(again.response.headers.get('Idempotency-Replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await post('/verifications', sums('a'), { token: scene.token('verify'), key: 'k1' });
    expect(other.body).not.toEqual(first.body);
    scene.ctx.tick(25 * 60 * 60_000);
    expect((await post('/verifications', sums('a'), { token, key: 'k1' })).body).not.toEqual(first.body);
  });

  it('stands for one request, and is no secret', async () => {
    const token = scene.token('verify');
    await post('/verifications', sums('a'), { token, key: 'k1' });
    const other = await post('/verifications', sums('b'), { token, key: 'k1' });
    expect([other.response.status, other.body]).toMatchObject([422, { code: 'idempotency-key-reused' }]);
    const bad = await post('/verifications', sums('b'), { token, key: 'x'.repeat(256) });
    expect(bad.body).toMatchObject({ code: 'bad-idempotency-key' });
  });

  it('makes one thing of requests that come at once', async () => {
    const token = scene.token('verify');
    const answers = await Promise.all([1, 2, 3].map(() => post('/verifications', sums('a'), { token, key: 'k1' })));
    const statuses = answers.map(({ response }) => response.status).sort();
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(statuses[0]).toBe(200);
    const { verifications } = (await ask(api, '/api/v1/verifications')).body as { verifications: unknown[] };
    expect(verifications).toHaveLength(1);
  });

  it('is given free where the server failed', async () => {
    const token = scene.token('verify');
    const early = createApi({ ...scene.environment, standards: async () => null });
    const init = {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Idempotency-Key': 'k1' },
      body: sums('a'),
    };
    expect((await early.request('/api/v1/verifications', init)).status).toBe(503);
    expect((await post('/verifications', sums('a'), { token, key: 'k1' })).response.status).toBe(200);
  });
});

describe('rate limits', () => {
  it('stop a client that asks too often, say when to go on, and leave others alone', async () => {
    api = createApi({ ...scene.environment, rateLimits: { reads: 2, writes: 1, anonymousReads: 1 } });
    const read = (token?: string) =>
      ask(api, '/api/v1/models', token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
    const token = scene.token('read');
    const [first, second, third] = [await read(token), await read(token), await read(token)];
    expect(first.response.headers.get('RateLimit')).toMatch(/^"reads";r=1;t=\d+$/);
    expect(second.response.status).toBe(200);
    expect([third.response.status, third.body]).toMatchObject([
      429,
      { code: 'rate-limited', type: '/reference#problem-rate-limited' },
    ]);
    expect(Number(third.response.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await read(scene.token('read'))).response.status).toBe(200);
    expect((await read()).response.status).toBe(200);
    const guessed = `mt_${'A'.repeat(43)}`;
    expect([(await read(guessed)).response.status, (await read(guessed)).response.status]).toEqual([401, 429]);
  });
});

describe('tokens', () => {
  it('are made, listed and revoked by an administrator, and by nobody else', async () => {
    const admin = scene.token('admin');
    const headers = { Authorization: `Bearer ${admin}` };
    const body = JSON.stringify({ name: 'new', scopes: ['verify'] });
    const made = await post('/tokens', body, { token: admin, type: 'application/json' });
    const { token } = made.body as { token: string };
    expect((await post('/tokens', body, { token: admin, type: 'application/json' })).response.status).toBe(409);
    expect((await post('/tokens', '{"name":"x"}', { token: admin, type: 'application/json' })).body).toMatchObject({
      at: 'scopes',
    });
    expect((await post('/tokens', body, { token: scene.token('ingest') })).response.status).toBe(403);
    const listed = await ask(api, '/api/v1/tokens', { headers });
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect((await post('/verifications', sums('a'), { token })).response.status).toBe(200);
    expect((await api.request('/api/v1/tokens/new', { method: 'DELETE', headers })).status).toBe(204);
    expect((await post('/verifications', sums('a'), { token })).response.status).toBe(401);
    expect((await api.request('/api/v1/tokens/new', { method: 'DELETE', headers })).status).toBe(404);
  });
});
