import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { entryBundlePath, TILE_WIDTH, tilePath, tileWidth } from '#lib/tlog/tile.ts';
import { Narrator } from '#test/demo/narrator.ts';
import { checkStory } from '#test/story/check.ts';
import { merkleRoot } from '#test/story/tree.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { StoryLogServer } from '#test/support/story-log.ts';

const ORIGIN = 'rekor2.localhost';

test('the recorded story holds: trees, checkpoints, rules, chapters, roots, repositories and bundles', () => {
  expect(checkStory(STORY_DIRECTORY)).toHaveLength(5);
});

describe('the story server', () => {
  let server: StoryLogServer;
  beforeAll(async () => {
    server = await StoryLogServer.open();
  });
  afterAll(() => server.close());

  const get = (resource: string, init?: RequestInit) => fetch(`${server.url(ORIGIN)}/${resource}`, init);

  test('serves at each recorded size the tree that its checkpoint signs', async () => {
    const log = server.log(ORIGIN);
    for (const size of log.sizes) {
      log.size = size;
      const [, stated, root] = (await (await get('checkpoint')).text()).split('\n');
      const leaves: Buffer[] = [];
      for (let index = 0; index * TILE_WIDTH < size; index += 1) {
        const width = tileWidth(0, index, size);
        const bundle = await bytes(await get(entryBundlePath(index, width)));
        const hashes = hashEntryBundle(parseEntryBundle(bundle, width)).map((hash) => Buffer.from(hash));
        expect(await bytes(await get(tilePath(0, index, width)))).toEqual(Buffer.concat(hashes));
        leaves.push(...hashes);
      }
      expect([Number(stated), root]).toEqual([size, merkleRoot(leaves).toString('base64')]);
    }
  });

  test('has a partial tile for each signed size until the full tile is there, and no other', async () => {
    server.log(ORIGIN).size = 131;
    expect(await statuses('tile/0/000.p/7', 'tile/0/000.p/130', 'tile/entries/000.p/131')).toEqual([200, 200, 200]);
    expect(await statuses('tile/0/000.p/129', 'tile/0/000.p/132', 'tile/0/000', 'tile/1/000.p/1')).toEqual([
      404, 404, 404, 404,
    ]);
    server.log(ORIGIN).size = 256;
    expect(await statuses('tile/0/000', 'tile/1/000.p/1', 'tile/0/000.p/131', 'tile/0/001.p/44')).toEqual([
      200, 200, 404, 404,
    ]);
  });

  test('lets tiles be kept for ever, checkpoints never, and answers 304 to a known tag', async () => {
    server.log(ORIGIN).size = 256;
    const tile = await get('tile/0/000');
    expect(tile.headers.get('cache-control')).toContain('immutable');
    expect((await get('checkpoint')).headers.get('cache-control')).toBe('no-cache');
    const again = await get('tile/0/000', { headers: { 'if-none-match': tile.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('grows to the next recorded checkpoint and stops at the last', () => {
    const log = server.log(ORIGIN);
    log.size = 256;
    expect([server.grow(ORIGIN), log.size]).toEqual([true, 300]);
    log.size = log.sizes.at(-1) ?? 0;
    expect(server.grow(ORIGIN)).toBe(false);
  });

  test('comes to each chapter once, those of the second wave last', async () => {
    const growing = await StoryLogServer.open();
    const narrator = new Narrator(growing);
    const begun = narrator.begun();
    while (growing.grow()) begun.push(...narrator.begun());
    await growing.close();
    expect(begun).toHaveLength(growing.facts.chapters.length);
    expect(new Set(begun)).toEqual(new Set(growing.facts.chapters));
    const late = begun.findIndex(({ wave }) => wave === 2);
    expect(begun.slice(0, late).every(({ wave }) => wave === 1)).toBe(true);
  });

  test('answers as a fault says, also with a body that breaks off', async () => {
    server.log(ORIGIN).size = 256;
    server.fault = ({ resource, attempt }, honest) => {
      if (resource === 'checkpoint' && attempt % 2 === 0)
        return { ...honest, status: 429, headers: { 'retry-after': '1' } };
      return resource === 'tile/0/000' ? { ...honest, cutAfter: 40 } : undefined;
    };
    expect((await statuses('checkpoint', 'checkpoint')).sort()).toEqual([200, 429]);
    await expect(get('tile/0/000').then(bytes)).rejects.toThrow();
    server.fault = () => undefined;
    expect((await bytes(await get('tile/0/000'))).length).toBe(TILE_WIDTH * 32);
  });

  async function statuses(...resources: readonly string[]): Promise<number[]> {
    const all: number[] = [];
    for (const resource of resources) all.push((await get(resource)).status);
    return all;
  }
});

async function bytes(response: Response): Promise<Buffer> {
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
