import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditEntries } from '#db/schema/audit.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import { createToken } from '#lib/services/access/create-token.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { findPublication } from '#lib/services/sharing/find-publication.ts';
import { openShareLink } from '#lib/services/sharing/open-share-link.ts';
import { mintShared, setPublicUrl } from '#test/support/sharing-scene.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;
let api: Api;
let admin: string;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
  mintShared(scene.ctx.database, { name: 'shared model' });
  admin = tokenFor('admin');
});
afterEach(() => scene.ctx.database.close());

const tokenFor = (scope: Scope) =>
  createToken(scene.ctx, { name: `for ${scope}`, scopes: [scope], expiresAt: null }, { kind: 'command-line' }).token;
/** Without a body there is no schema to hold an answer against. */
async function remove(path: string, token: string | null = admin) {
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  return (await api.request(`/api/v1${path}`, { method: 'DELETE', headers })).status;
}

async function send(method: string, path: string, json?: unknown, token: string | null = admin) {
  const { response, body } = await ask(api, `/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token !== null && { Authorization: `Bearer ${token}` }) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  return { status: response.status, body };
}

const WANTED = { model: 'shared model', parts: ['signer', 'files'] };

describe('publications over the API', () => {
  it('are made, changed, listed and withdrawn, each written down with the token that did it', async () => {
    const made = await send('PUT', '/publications/granite', WANTED);
    expect(made).toMatchObject({
      status: 200,
      body: { slug: 'granite', parts: ['signer', 'files'], withdrawnAt: null },
    });
    const changed = await send('PUT', '/publications/granite', { ...WANTED, parts: [] });
    expect(changed).toMatchObject({ status: 200, body: { parts: [] } });
    expect((await send('GET', '/publications')).body).toMatchObject({
      publications: [{ slug: 'granite', target: { kind: 'model', name: 'shared model' } }],
    });
    expect(await remove('/publications/granite')).toBe(204);
    expect(findPublication(scene.ctx.database, 'granite')).toBe('withdrawn');
    expect(await remove('/publications/granite')).toBe(404);
    const audit = scene.ctx.database.db.select().from(auditEntries).where(eq(auditEntries.chain, 'sharing')).all();
    expect(audit.map(({ action, actor }) => [action, JSON.parse(actor)])).toEqual(
      ['published', 'changed', 'withdrawn'].map((what) => [
        `publication.${what}`,
        { kind: 'token', name: 'for admin' },
      ]),
    );
  });

  it('are about what they were made for', async () => {
    await send('PUT', '/publications/granite', WANTED);
    const other = await send('PUT', '/publications/granite', { ...WANTED, version: '1.0' });
    expect(other).toMatchObject({ status: 422, body: { code: 'slug-taken' } });
    expect((await send('PUT', '/publications/granite-1', { ...WANTED, version: '1.0' })).status).toBe(200);
  });

  it.each([
    ['/publications/UP', WANTED, 422, 'bad-slug'],
    ['/publications/ok-slug', { ...WANTED, parts: ['proofs'] }, 422, 'bad-parts'],
    ['/publications/ok-slug', { ...WANTED, model: 'nobody' }, 404, 'not-found'],
    ['/publications/ok-slug', { ...WANTED, version: '9' }, 404, 'not-found'],
    ['/publications/ok-slug', { ...WANTED, parts: ['everything'] }, 400, 'bad-request'],
    ['/publications/ok-slug', { ...WANTED, more: 1 }, 400, 'bad-request'],
  ])('refuse %s %j', async (path, body, status, code) => {
    expect(await send('PUT', path, body)).toMatchObject({ status, body: { code } });
    expect((await send('GET', '/publications')).body).toEqual({ publications: [] });
  });

  it('are for tokens of the scope admin alone', async () => {
    const requests = [
      ['GET', '/publications'],
      ['PUT', '/publications/granite'],
      ['DELETE', '/publications/granite'],
      ['GET', '/share-links'],
      ['POST', '/share-links'],
      ['DELETE', '/share-links/x'],
    ] as const;
    const less = tokenFor('investigate');
    for (const [method, path] of requests) {
      const body = method === 'PUT' || method === 'POST' ? WANTED : undefined;
      expect((await send(method, path, body, null)).status, `${method} ${path}`).toBe(401);
      expect((await send(method, path, body, less)).status, `${method} ${path}`).toBe(403);
    }
  });
});

describe('unlisted links over the API', () => {
  it('are answered once, with the public address, and revoked by their id', async () => {
    setPublicUrl(scene.ctx.database, 'https://provenance.models.example');
    const made = await send('POST', '/share-links', { ...WANTED, version: '1.0', note: 'auditor', days: 3 });
    expect(made.status).toBe(200);
    const { id, address } = made.body as { id: string; address: string };
    const secret = /^https:\/\/provenance\.models\.example\/s\/([A-Za-z0-9_-]{43})$/.exec(address)?.[1] ?? '';
    const open = () => openShareLink(scene.ctx.database, { secret, now: scene.ctx.now() });
    expect(open()).toMatchObject({ kind: 'version' });
    const listed = await send('GET', '/share-links');
    expect(listed.body).toMatchObject({ links: [{ id, note: 'auditor', parts: ['signer', 'files'] }] });
    expect(JSON.stringify(listed.body)).not.toContain(secret);
    expect(await remove(`/share-links/${id}`)).toBe(204);
    expect(open()).toBeNull();
    expect(await remove(`/share-links/${id}`)).toBe(404);
  });
});
