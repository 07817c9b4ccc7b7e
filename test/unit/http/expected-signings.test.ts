import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { mintHex } from '#test/factories.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

const PATH = '/api/v1/expected-signings';
let scene: Scene;
let api: Api;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterEach(() => scene.ctx.database.close());

function send(method: string, path: string, token: string | null, body?: unknown, key?: string) {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...(key !== undefined && { 'Idempotency-Key': key }),
  };
  return ask(api, path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

const DIGEST = mintHex('digest log2026-1.rekor.example 7');

describe('declaring a signing over the API', () => {
  it('accounts for one that was read before, and its event says by whom', async () => {
    const token = scene.token('ingest');
    const { body } = await send('POST', PATH, token, { digest: DIGEST, note: 'release 1.2.0' });
    expect(body).toMatchObject({ source: 'api', declaredBy: 'ci 0', used: 1, uses: 1, eventIds: [scene.eventId] });
    const { id } = body as { id: string };
    expect((await ask(api, `/api/v1/events/${scene.eventId}`)).body).toMatchObject({ expectedBy: id });
    const undeclared = await ask(api, '/api/v1/events?own=true&undeclared=true');
    expect(undeclared.body).toMatchObject({ events: [] });
    expect((await send('GET', `${PATH}?state=used`, token)).body).toMatchObject({ expected: [{ id }], next: null });
    expect((await send('GET', `${PATH}?state=open`, token)).body).toMatchObject({ expected: [] });
  });

  it.each([
    ['none', null, 401],
    ['read', 'read', 403],
    ['verify', 'verify', 403],
  ] as const)(
    'needs the scope ingest, for reading too; with %s it is refused',
    async (_, scope: Scope | null, status) => {
      const token = scope === null ? null : scene.token(scope);
      expect((await send('POST', PATH, token, { digest: 'no digest' })).response.status).toBe(status);
      expect((await send('GET', PATH, token)).response.status).toBe(status);
      expect((await send('DELETE', `${PATH}/exp_1`, token)).response.status).toBe(status);
    },
  );

  it('happens once for one idempotency key', async () => {
    const token = scene.token('ingest');
    const first = await send('POST', PATH, token, { digest: DIGEST }, 'k');
    const again = await send('POST', PATH, token, { digest: DIGEST }, 'k');
    expect(again.body).toEqual(first.body);
    expect(again.response.headers.get('Idempotency-Replayed')).toBe('true');
    expect((await send('GET', PATH, token)).body).toMatchObject({ expected: [{}], next: null });
    expect(((await send('GET', PATH, token)).body as { expected: unknown[] }).expected).toHaveLength(1);
  });

  it.each([
    [{}, 'digest'],
    [{ digest: 'AB'.repeat(32) }, 'digest'],
    [{ identity: 'a@models.example' }, 'issuer'],
    [{ issuer: 'https://a.example' }, 'identity'],
    [{ run: 'a\\b' }, 'run'],
    [{ digest: DIGEST, uses: 0 }, 'uses'],
    [{ digest: DIGEST, uses: 1001 }, 'uses'],
    [{ digest: DIGEST, pattern: '.*' }, 'pattern'],
    [{ digest: DIGEST, validFromAt: 5, validUntilAt: 5 }, 'validUntilAt'],
    [{ digest: DIGEST, validFromAt: 0, validUntilAt: 31 * 24 * 3_600_000 }, 'validUntilAt'],
    [{ digest: DIGEST, validUntilAt: 8_000_000_000_000_000 }, 'validUntilAt'],
  ])('refuses %j at the field at fault', async (body, at) => {
    const { response, body: problem } = await send('POST', PATH, scene.token('ingest'), body);
    expect([response.status, problem]).toMatchObject([400, { at }]);
  });

  it('is withdrawn by the token that made it, or by an admin, and by nobody else', async () => {
    const token = scene.token('ingest');
    const { id } = (await send('POST', PATH, token, { digest: DIGEST })).body as { id: string };
    const remove = (by: string) =>
      api.request(`${PATH}/${id}`, { method: 'DELETE', headers: { Authorization: `Bearer ${by}` } });
    expect((await remove(scene.token('ingest'))).status).toBe(403);
    expect((await remove(token)).status).toBe(204);
    expect((await ask(api, `/api/v1/events/${scene.eventId}`)).body).toMatchObject({ expectedBy: null });
    expect((await remove(token)).status).toBe(404);
    const other = (await send('POST', PATH, token, { digest: DIGEST })).body as { id: string };
    const admin = { method: 'DELETE', headers: { Authorization: `Bearer ${scene.token('admin')}` } };
    expect((await api.request(`${PATH}/${other.id}`, admin)).status).toBe(204);
  });
});
