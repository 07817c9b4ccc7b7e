import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { ApiError } from '#lib/http/problem.ts';
import { ask, describedRoutes } from './described.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;
let api: Api;

beforeAll(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterAll(() => scene.ctx.database.close());

/** Read with a token only. */
const NEEDS_TOKEN = new Set([
  '/tokens',
  '/expected-signings',
  '/deployments',
  '/incidents',
  '/incidents/{id}',
  '/incidents/{id}/archive',
  '/incidents/{id}/artifacts',
  '/incidents/{id}/audit',
  '/settings/{section}',
  '/publications',
  '/share-links',
]);

async function problemOf(target: string, init?: RequestInit) {
  const response = await api.request(target, init);
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(response.headers.get('ETag')).toBeNull();
  const problem = (await response.json()) as { status: number; detail: string; code: string; at?: string };
  expect(problem.status).toBe(response.status);
  return { response, ...problem };
}

describe('what goes wrong', () => {
  it('is a problem document for addresses that do not exist', async () => {
    for (const target of [
      '/api/v1',
      '/api/v1/',
      '/api/v1/nothing',
      '/api/v1/models/',
      '/api/v2/models',
      '/api/v1/%00',
    ]) {
      expect(await problemOf(target), target).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('names the methods that an address has, for all others', async () => {
    for (const { method, path } of describedRoutes(api)) {
      const target = `/api/v1${path.replaceAll(/\{[a-z]+\}/g, 'sha256')}`;
      const other = method === 'get' ? 'PUT' : 'PATCH';
      const { status, response } = await problemOf(target, { method: other });
      expect(status, `${other} ${target}`).toBe(405);
      expect(response.headers.get('Allow')).toContain(method.toUpperCase());
    }
    const bundles = await api.request('/api/v1/bundles', { method: 'PATCH' });
    expect(bundles.headers.get('Allow')).toBe('GET, HEAD, POST');
  });

  it('says which parameter is wrong, and takes none that it does not know', async () => {
    const at = async (target: string) => {
      const problem = await problemOf(`/api/v1${target}`);
      expect(problem.status, target).toBe(400);
      return problem.at;
    };
    expect(await at('/models?state=good')).toBe('state');
    expect(await at('/models?weakest=strong')).toBe('weakest');
    expect(await at('/models?findings=1')).toBe('findings');
    expect(await at('/models?serach=x')).toBe('serach');
    expect(await at('/models?limit=1&limit=2')).toBe('limit');
    expect(await at('/events?q=ab')).toBe('q');
    expect(await at('/events?from=2026-01-01')).toBe('from');
    expect(await at('/events?log=0')).toBe('log');
    expect(await at('/bundles')).toBe('state');
    expect(await at('/identity')).toBe('san');
    expect(await at('/logs/one')).toBe('id');
    expect(await at('/artifacts/md5/00')).toBe('scheme');
    expect(await at(`/models/${'x'.repeat(201)}`)).toBe('slug');
    expect(await at(`/artifacts/sha256/00/ancestors?limit=5001`)).toBe('limit');
  });

  it('is 503 with the way out while the database cannot be read, on every route', async () => {
    const closed = createApi({
      ...scene.environment,
      database() {
        throw new ApiError({ code: 'no-database', detail: 'There is no database yet.' });
      },
    });
    for (const { method, path } of describedRoutes(closed)) {
      if (method !== 'get' || NEEDS_TOKEN.has(path)) continue;
      const query =
        path === '/bundles'
          ? '?state=verified'
          : path === '/identity'
            ? '?san=a'
            : path.endsWith('/diff')
              ? '?from=a&to=b'
              : '';
      const target = path.replace('{scheme}', 'sha256').replaceAll(/\{[a-z]+\}/g, '1');
      const { response, body } = await ask(closed, `/api/v1${target}${query}`);
      expect(response.status, target).toBe(503);
      expect(body).toMatchObject({ code: 'no-database' });
    }
  });

  it('tells nobody but the log of our own mistakes', async () => {
    const broken = createApi({
      ...scene.environment,
      database() {
        throw new TypeError('secret detail');
      },
    });
    const response = await broken.request('/api/v1/models');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(scene.ctx.lines.at(-1)).toMatchObject({ level: 50, path: '/api/v1/models' });
  });
});

describe('every answer', () => {
  it('has a weak tag, and is not sent again to who has it', async () => {
    const first = await api.request('/api/v1/models');
    const tag = first.headers.get('ETag') ?? '';
    expect(tag).toMatch(/^W\/"[0-9a-f]{64}"$/);
    expect(first.headers.get('Cache-Control')).toBe('no-store');
    for (const held of [tag, `"other", ${tag}`, tag.slice(2), '*']) {
      const again = await api.request('/api/v1/models', { headers: { 'If-None-Match': held } });
      expect(again.status, held).toBe(304);
      expect(await again.text()).toBe('');
      expect(again.headers.get('ETag')).toBe(tag);
    }
    const changed = await api.request('/api/v1/models?limit=1', { headers: { 'If-None-Match': tag } });
    expect(changed.status).toBe(200);
  });

  it('has the same head for HEAD, and no body', async () => {
    for (const target of ['/api/v1/models', '/api/v1/openapi.json', `/api/v1/events/${scene.eventId}/entry`]) {
      const get = await api.request(target);
      const head = await api.request(target, { method: 'HEAD' });
      expect([head.status, head.headers.get('ETag')]).toEqual([200, get.headers.get('ETag')]);
      expect(await head.text()).toBe('');
    }
    expect((await api.request('/api/v1/models/none', { method: 'HEAD' })).status).toBe(404);
  });

  it('lets no page of another origin read it', async () => {
    const origin = { Origin: 'https://elsewhere.example' };
    const get = await api.request('/api/v1/models', { headers: origin });
    const preflight = await api.request('/api/v1/bundles', {
      method: 'OPTIONS',
      headers: { ...origin, 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(405);
    for (const { headers } of [get, preflight]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});
