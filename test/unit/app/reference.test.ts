import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { curlExample } from '#app/_reference/curl-example.ts';
import { describeType, readReference } from '#app/_reference/openapi.ts';
import { createApi } from '#lib/http/api.ts';
import { openScene, type Scene } from '#test/unit/http/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = openScene();
});
afterEach(() => scene.ctx.database.close());

async function reference() {
  const answer = await createApi(scene.environment).request('/api/v1/openapi.json');
  const json = (await answer.json()) as { paths: Record<string, object> };
  return { json, reference: readReference(json) };
}

describe('the API reference', () => {
  it('shows every request of the document once, each with an anchor of its own', async () => {
    const { json, reference: read } = await reference();
    const shown = read.groups.flatMap(({ operations }) => operations);
    const all = Object.entries(json.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(shown.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(all.toSorted());
    expect(new Set(shown.map(({ anchor }) => anchor)).size).toBe(shown.length);
  });

  it('says the scope that each request with a token needs', async () => {
    const { reference: read } = await reference();
    const shown = read.groups.flatMap(({ operations }) => operations);
    for (const { method, path, scope, security } of shown) {
      if (security.length === 0) expect(scope, `${method} ${path}`).toBe('read');
      else expect(scope, `${method} ${path}`).toMatch(/^(verify|ingest|deploy|investigate|admin)$/);
    }
    expect(shown.find(({ path, method }) => path === '/api/v1/bundles' && method === 'POST')?.scope).toBe('ingest');
  });

  it('links only to schemas that it shows', async () => {
    const { json, reference: read } = await reference();
    const names = new Set(read.schemas.map(([name]) => name));
    const named = [...JSON.stringify(json).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(names.has(name ?? '')).toBe(true);
  });

  it('gives a request with its words to replace', async () => {
    const { reference: read } = await reference();
    const shown = read.groups.flatMap(({ operations }) => operations);
    const post = shown.find(({ method, path }) => method === 'POST' && path === '/api/v1/training-logs');
    expect(post && curlExample(post)).toBe(
      "curl -X POST 'https://SERVER/api/v1/training-logs' \\\n  -H 'Authorization: Bearer TOKEN' \\\n  -H 'Content-Type: application/jsonl' \\\n  --data-binary @FILE",
    );
    const get = shown.find(({ path }) => path === '/api/v1/training-logs/{id}');
    expect(get && curlExample(get)).toBe(
      "curl 'https://SERVER/api/v1/training-logs/ID' \\\n  -H 'Authorization: Bearer TOKEN'",
    );
  });

  it('describes types in words', () => {
    expect(describeType({ type: ['string', 'null'] })).toEqual(['string', ' or ', 'null']);
    expect(describeType({ type: 'array', items: { $ref: '#/components/schemas/Finding' } })).toEqual([
      'list of ',
      { schema: 'Finding' },
    ]);
    expect(describeType({ enum: ['a', 'b'] })).toEqual(['"a", "b"']);
    expect(describeType(undefined)).toEqual(['anything']);
    expect(describeType({ $ref: 'https://elsewhere.example/x' })).toEqual(['anything']);
  });
});
