import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkMirror } from '#lib/mirror/check-mirror.ts';
import { diskTileSource } from '#lib/mirror/disk-tile-source.ts';
import { logFolder, mirrorFolder } from '#lib/mirror/layout.ts';
import { MirrorError } from '#lib/mirror/mirror-error.ts';
import { MirrorStore } from '#lib/mirror/store.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { runCli } from '../cli/run-cli.ts';
import { CrashingFiles } from './crashing-files.ts';
import { entriesOf, signed } from './support.ts';

const ORIGIN = 'log.example';
const LOG = new MintedLog(ORIGIN).add(...entriesOf(1000));
const OWN = logFolder('/m', ORIGIN);

let files: CrashingFiles;

beforeEach(async () => {
  files = new CrashingFiles();
  const store = await MirrorStore.open('/m', ORIGIN, { files });
  await store.append(LOG.entries);
  await store.commit(signed(LOG));
});

async function change(path: string, at: number): Promise<void> {
  const bytes = await files.read(join(OWN, path));
  if (!bytes) throw new Error(`no ${path}`);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await files.write(join(OWN, path), bytes);
}

const problems = async () => (await checkMirror('/m', ORIGIN, { files }))?.problems;

describe('the check of a mirror', () => {
  it.each([
    ['tile/entries/001', 45, 'does not have the entries of the tree, from entry 257 on'],
    ['tile/entries/001', 0, 'is malformed'],
    ['tile/0/001', 33, 'has another hash of entry 257 than tile/entries/001 gives'],
    ['tile/1/000.p/3', 0, 'has other hashes than the tiles below it give'],
    ['tile/0/003.p/232', 0, 'has another hash of entry 768 than tile/entries/003.p/232 gives'],
  ])('names %s when byte %i of it was changed, and nothing else', async (path, at, problem) => {
    await change(path, at);
    expect(await problems()).toEqual([{ path, problem: expect.stringContaining(problem) }]);
  });

  it.each(['tile/entries/000', 'tile/0/002', 'tile/1/000.p/3', 'tile/0/003.p/232', 'tile/entries/003.p/232'])(
    'names %s when it is missing, and when it is cut short',
    async (path) => {
      const bytes = await files.read(join(OWN, path));
      await files.write(join(OWN, path), bytes?.subarray(1) ?? new Uint8Array());
      expect(await problems()).toEqual([{ path, problem: expect.stringContaining('is malformed') }]);
      await files.remove(join(OWN, path));
      expect(await problems()).toEqual([{ path, problem: 'is missing' }]);
    },
  );

  it('names the checkpoint when it is of another tree, of another log, or none', async () => {
    const put = (note: Uint8Array) => files.write(join(OWN, 'checkpoint'), note);
    await put(LOG.checkpoint(1000, { root: LOG.root(999) }));
    expect(await problems()).toEqual([{ path: 'checkpoint', problem: 'has another root than the entries give' }]);
    await put(LOG.checkpoint(1000, { origin: 'other.example' }));
    expect(await problems()).toEqual([{ path: 'checkpoint', problem: 'is one of the log other.example' }]);
    await put(Buffer.from('torn'));
    expect(await problems()).toEqual([{ path: 'checkpoint', problem: expect.stringContaining('is no checkpoint') }]);
  });

  it('says where the entries end for good when bundle and tile are both lost', async () => {
    for (const path of ['tile/entries/001', 'tile/0/001']) await files.remove(join(OWN, path));
    expect((await problems())?.map(({ path }) => path)).toEqual(['tile/entries/001', 'tile/0/001', 'checkpoint']);
  });

  it('knows nothing of a log that is not mirrored', async () => {
    expect(await checkMirror('/m', 'other.example', { files })).toBeNull();
  });
});

describe('a mirror that is damaged at its right edge', () => {
  it.each(['tile/entries/003.p/232', 'tile/0/003.p/232', 'tile/1/000.p/3', 'checkpoint'])(
    'is not written to when %s was changed',
    async (path) => {
      await change(path, 20);
      const error = await MirrorStore.open('/m', ORIGIN, { files }).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(MirrorError);
      expect(error).toMatchObject({ code: 'damaged', message: expect.stringContaining('log check-mirror') });
    },
  );
});

describe('a mirror as a source of tiles', () => {
  it('answers with the full tile where the partial one is gone, and says what it does not have', async () => {
    const source = diskTileSource(OWN, files);
    expect(Buffer.from(await source.tile(0, 1, 44))).toEqual(LOG.tile(0, 1, 300));
    expect(Buffer.from(await source.entryBundle(1, 44))).toEqual(LOG.bundle(1));
    await expect(source.tile(0, 9, 256)).rejects.toMatchObject({ code: 'not-found' });
    await expect(source.entryBundle(3, 256)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('log check-mirror', { timeout: 60_000 }, () => {
  it('says that a mirror is whole, names what is damaged, and knows which are none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modeltrail-mirror-'));
    const database = join(folder, 'modeltrail.db');
    const check = (origin: string) => runCli(['log', 'check-mirror', origin, '--database', database]);
    try {
      const store = await MirrorStore.open(mirrorFolder(database), ORIGIN);
      await store.append(LOG.entries);
      await store.commit(signed(LOG));
      const whole = await check(ORIGIN);
      expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('is whole: 10 files, and 1,000 entries')]);
      rmSync(join(store.folder, 'tile/0/001'));
      const damaged = await check(ORIGIN);
      expect([damaged.code, damaged.stdout]).toEqual([1, expect.stringContaining('tile/0/001 is missing')]);
      const unknown = await check('other.example');
      expect([unknown.code, unknown.stderr]).toEqual([
        2,
        expect.stringContaining('There is no mirror of other.example'),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
