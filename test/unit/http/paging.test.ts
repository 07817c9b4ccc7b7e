import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '#lib/http/api.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

let scene: Scene;
let api: Api;
/** Every list, by its address and the field that holds its items. */
let lists: readonly (readonly [target: string, field: string, items: number])[];

beforeAll(async () => {
  scene = openScene();
  api = createApi(scene.environment);
  const { body } = await ask(api, `/api/v1/models/${scene.slug}`);
  const [version] = (body as { versions: { id: string }[] }).versions;
  lists = [
    ['/api/v1/models', 'models', 2],
    [`/api/v1/models/${scene.slug}/versions/${version?.id}/files`, 'files', 3],
    [`/api/v1/artifacts/sha256/${scene.roots[0]}/verdicts`, 'verdicts', 2],
    ['/api/v1/datasets', 'datasets', 1],
    ['/api/v1/identities', 'identities', 2],
    ['/api/v1/findings', 'findings', 3],
    ['/api/v1/bundles?state=verified', 'bundles', 5],
    ['/api/v1/events', 'events', 8],
    ['/api/v1/sources/deliveries', 'deliveries', 3],
  ];
});
afterAll(() => scene.ctx.database.close());

interface Page {
  readonly next: string | null;
  readonly [field: string]: unknown;
}

async function read(target: string): Promise<{ page: Page; link: string | null }> {
  const { response, body } = await ask(api, target);
  expect(response.status, target).toBe(200);
  return { page: body as Page, link: response.headers.get('Link') };
}

describe('every list', () => {
  it('gives, page by page, what one large page gives, each item once', async () => {
    for (const [target, field, atLeast] of lists) {
      const { page: whole, link: last } = await read(target);
      expect((whole[field] as unknown[]).length, target).toBeGreaterThanOrEqual(atLeast);
      expect([whole.next, last], target).toEqual([null, null]);
      const seen: unknown[] = [];
      let next: string | undefined = `${target}${target.includes('?') ? '&' : '?'}limit=1`;
      while (next !== undefined) {
        const { page, link } = await read(next);
        const items = page[field] as unknown[];
        expect(items.length, next).toBeLessThanOrEqual(1);
        seen.push(...items);
        next = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
        expect(next === undefined).toBe(page.next === null);
        if (next) expect(new URL(next, 'http://x').searchParams.get('cursor')).toBe(page.next);
      }
      expect(seen, target).toEqual(whole[field]);
    }
  });

  it('takes no cursor of another list, none that was tampered with, and no unbounded limit', async () => {
    const { page } = await read('/api/v1/findings?limit=1');
    const { page: own } = await read('/api/v1/models?limit=1');
    for (const cursor of [page.next, `${own.next}A`, own.next?.slice(2), 'e30', '%00', 'x'.repeat(1000)]) {
      const { response, body } = await ask(api, `/api/v1/models?cursor=${cursor}`);
      expect(response.status).toBe(400);
      expect(body).toMatchObject({ code: 'bad-cursor', at: 'cursor' });
    }
    for (const limit of ['0', '-1', '201', '1e1', '', ' 5', '99999999999999999999', '0x10']) {
      const { response, body } = await ask(api, `/api/v1/models?limit=${encodeURIComponent(limit)}`);
      expect(response.status, limit).toBe(400);
      expect(body).toMatchObject({ at: 'limit' });
    }
  });

  it('keeps its filters in the address of the next page', async () => {
    const { link } = await read('/api/v1/events?limit=1&identity=release-bot%40models.example');
    expect(link).toContain('identity=release-bot%40models.example');
  });

  it('gives checkpoints of a log page by page', async () => {
    const { body } = await ask(api, `/api/v1/logs/${scene.logId}`);
    expect(body).toMatchObject({
      next: null,
      checkpoints: [
        { size: 1000, previousSize: 500, consistencyProof: ['07'.repeat(32), '07'.repeat(32), '07'.repeat(32)] },
        { size: 500 },
      ],
      pastFaults: [{ code: 'timeout' }],
      log: { openFaults: [{ code: 'server-error' }] },
    });
  });
});
