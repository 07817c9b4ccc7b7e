import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GET, HEAD } from '#app/mirror/[...path]/route.ts';
import { mirrorFolder, originHash } from '#lib/mirror/layout.ts';
import { MirrorStore } from '#lib/mirror/store.ts';
import { listMirrors } from '#lib/services/mirror/list.ts';
import { MintedLog } from '#test/support/minted-log.ts';

const ORIGIN = 'log.example';
const HASH = originHash(ORIGIN);
const LOG = new MintedLog(ORIGIN).add(...Array.from({ length: 900 }, (_, i) => Buffer.alloc(300 + (i % 7), `${i} `)));
const SERVED = 700;

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-mirror-'));
const before = { database: process.env.MODELTRAIL_DATABASE, config: process.env.MODELTRAIL_CONFIG };
const configPath = join(folder, 'modeltrail.yaml');
const mirrors = mirrorFolder(join(folder, 'modeltrail.db'));

const get = (path: string, handler = GET) =>
  handler(new Request('http://localhost/mirror/x'), { params: Promise.resolve({ path: path.split('/') }) });
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());

beforeAll(async () => {
  process.env.MODELTRAIL_DATABASE = join(folder, 'modeltrail.db');
  process.env.MODELTRAIL_CONFIG = configPath;
  publish(true);
  const store = await MirrorStore.open(mirrors, ORIGIN);
  for (const size of [300, SERVED]) {
    await store.append(LOG.entries.slice(store.size, size));
    await store.commit({ size, root: LOG.root(size), note: LOG.checkpoint(size).toString() });
  }
  // Beyond the checkpoint: on the disk, and not yet anybody's.
  await store.append(LOG.entries.slice(SERVED, 900));
  await store.flush();
});
afterAll(() => {
  if (before.database === undefined) delete process.env.MODELTRAIL_DATABASE;
  else process.env.MODELTRAIL_DATABASE = before.database;
  if (before.config === undefined) delete process.env.MODELTRAIL_CONFIG;
  else process.env.MODELTRAIL_CONFIG = before.config;
  rmSync(folder, { recursive: true });
});

/** Says whether the mirrors are anybody's. */
function publish(isPublic: boolean): void {
  const organisation = 'organisation: { name: Test, contact: security@models.example }';
  writeFileSync(configPath, `${organisation}\nlogs: { public-mirrors: ${isPublic} }\n`);
}

describe('the mirror that is served', () => {
  it('is nobody’s where the configuration does not say that it is public', async () => {
    publish(false);
    for (const handler of [GET, HEAD]) expect((await get(`${HASH}/checkpoint`, handler)).status).toBe(401);
    publish(true);
    expect((await get(`${HASH}/checkpoint`)).status).toBe(200);
  });

  it('gives the checkpoint as the log signed it, to be asked for each time', async () => {
    const response = await get(`${HASH}/checkpoint`);
    expect(await bytes(response)).toEqual(LOG.checkpoint(SERVED));
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
      'content-length': String(LOG.checkpoint(SERVED).length),
      'content-type': 'text/plain; charset=utf-8',
    });
  });

  it.each([
    ['tile/0/000', LOG.tile(0, 0)],
    ['tile/0/002.p/188', LOG.tile(0, 2, SERVED)],
    ['tile/1/000.p/2', LOG.tile(1, 0, SERVED)],
    ['tile/1/000.p/1', LOG.tile(1, 0, 300)],
    ['tile/entries/001', LOG.bundle(1)],
    ['tile/entries/002.p/188', LOG.bundle(2, SERVED)],
  ])('gives %s, to be kept for ever', async (path, expected) => {
    const response = await get(`${HASH}/${path}`);
    expect((await bytes(response)).equals(expected)).toBe(true);
    expect(Object.fromEntries(response.headers)).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(expected.length),
      'content-type': 'application/octet-stream',
    });
    const head = await get(`${HASH}/${path}`, HEAD);
    expect([head.status, (await bytes(head)).length]).toEqual([200, 0]);
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(response.headers));
  });

  it.each([
    ['a full bundle beyond the checkpoint', `${HASH}/tile/entries/002`],
    ['a tile beyond it', `${HASH}/tile/0/002`],
    ['a wider partial tile than it has', `${HASH}/tile/0/002.p/189`],
    ['a partial tile whose full one is there', `${HASH}/tile/0/001.p/44`],
    ['a width of zero', `${HASH}/tile/0/002.p/0`],
    ['a full tile spelled as a partial one', `${HASH}/tile/0/000.p/256`],
    ['the state file', `${HASH}/state.json`],
    ['a folder', `${HASH}/tile`],
    ['a level that there is none of', `${HASH}/tile/2/000`],
    ['another spelling of an index', `${HASH}/tile/0/x000/000`],
    ['an unpadded index', `${HASH}/tile/0/0`],
    ['a way up', `${HASH}/tile/0/../../state.json`],
    ['a way up behind a good path', `${HASH}/tile/0/000/../../../state.json`],
    ['a NUL behind a good path', `${HASH}/tile/0/000\0`],
    ['nothing', HASH],
    ['a log that is not mirrored', `${originHash('other.example')}/checkpoint`],
    ['a hash in capitals', `${HASH.toUpperCase()}/checkpoint`],
    ['the database', '../modeltrail.db'],
    ['a way up for a hash', `..${'/'.repeat(3)}checkpoint`],
  ])('answers 404 for %s, which nobody may keep', async (_, path) => {
    for (const handler of [GET, HEAD]) {
      const response = await get(path, handler);
      expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
      await response.body?.cancel();
    }
  });

  it('knows no other spelling, with slashes that were escaped', async () => {
    const params = Promise.resolve({ path: [HASH, 'tile/0', '000'] });
    expect((await GET(new Request('http://localhost/mirror/x'), { params })).status).toBe(404);
  });

  it('gives no tiles while the checkpoint cannot be read', async () => {
    const path = join(mirrors, HASH, 'checkpoint');
    writeFileSync(path, 'rotten');
    const response = await get(`${HASH}/tile/0/000`);
    writeFileSync(path, LOG.checkpoint(SERVED));
    expect(response.status).toBe(404);
  });

  it.runIf(process.platform === 'linux')('leaves no file open, whoever goes away in the middle', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const count = open();
    for (let i = 0; i < 20; i++) {
      const reader = (await get(`${HASH}/tile/entries/001`)).body?.getReader();
      await reader?.read();
      await reader?.cancel();
      await get(`${HASH}/tile/entries/001`, HEAD);
      await bytes(await get(`${HASH}/tile/entries/001`));
    }
    expect(open()).toBeLessThan(count + 5);
  });
});

describe('listMirrors', () => {
  it('tells how far each mirror has come and what it takes, and passes over what is none', async () => {
    await MirrorStore.open(mirrors, 'empty.example');
    const filling = await MirrorStore.open(mirrors, 'another.example');
    await filling.append(LOG.entries.slice(0, 300));
    await filling.flush();
    writeFileSync(join(mirrors, 'f'.repeat(64)), 'a file');
    const store = await MirrorStore.open(mirrors, ORIGIN);
    const listed = await listMirrors(mirrors);
    expect(listed).toEqual([
      {
        origin: 'another.example',
        hash: originHash('another.example'),
        size: 0,
        written: 256,
        bytes: filling.bytesUsed(),
      },
      { origin: ORIGIN, hash: HASH, size: SERVED, written: 768, bytes: store.bytesUsed() },
    ]);
    expect(await listMirrors(join(folder, 'nothing'))).toEqual([]);
  });
});
