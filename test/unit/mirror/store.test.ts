import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMirror } from '#lib/mirror/check-mirror.ts';
import { diskTileSource } from '#lib/mirror/disk-tile-source.ts';
import { readHead } from '#lib/mirror/head.ts';
import { logFolder, partialsOf, pathOf } from '#lib/mirror/layout.ts';
import { MirrorError } from '#lib/mirror/mirror-error.ts';
import { MirrorStore } from '#lib/mirror/store.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { parseTilePath, TILE_WIDTH } from '#lib/tlog/tile.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { CrashingFiles } from './crashing-files.ts';
import { entriesOf, expectServed, signed } from './support.ts';

const ORIGIN = 'log.example';
const REKOR_V2 = fileURLToPath(new URL('../../../../shared/samples/v2/tree/', import.meta.url));
/** Enough for a full tile of level 1 and what is behind it. */
const LOG = new MintedLog(ORIGIN).add(...entriesOf(66_000));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-mirror-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof MirrorError ? error.code : `${error}`),
  );

function tilesOf(own: string): Map<string, Buffer> {
  const files = readdirSync(join(own, 'tile'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [relative(own, path), readFileSync(path)];
    }),
  );
}

function bundleOf(log: MintedLog, index: number, size = log.size) {
  const entries = log.entries.slice(index * TILE_WIDTH, Math.min((index + 1) * TILE_WIDTH, size));
  return [index, log.bundle(index, size), Buffer.concat(hashEntryBundle(entries, nodeSha256))] as const;
}

describe('a mirror on disk', () => {
  it('has exactly the tiles and bundles of the log, and none beside them', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    for (let at = 0; at < LOG.size; at += 1000) await store.append(LOG.entries.slice(at, at + 1000));
    await store.commit(signed(LOG));
    const tiles = tilesOf(store.folder);
    const expected = [257 + 257 + 1, partialsOf(LOG.size).length];
    expect(tiles.size).toBe((expected[0] ?? 0) + (expected[1] ?? 0));
    for (const [path, bytes] of tiles) {
      const name = parseTilePath(path);
      const of = name.kind === 'tile' ? LOG.tile(name.level, name.index) : LOG.bundle(name.index);
      expect(bytes.equals(of), path).toBe(true);
    }
    expect(readFileSync(join(store.folder, 'checkpoint'), 'utf8')).toBe(signed(LOG).note);
    const bytes = [...tiles.values()].reduce((sum, { length }) => sum + length, 0);
    expect(store.bytesUsed()).toBe(bytes);
    const report = await checkMirror(folder, ORIGIN);
    expect(report).toMatchObject({ problems: [], problemCount: 0, head: { size: LOG.size } });
  });

  it('is the same for every way of cutting the entries, of committing, flushing and opening anew', async () => {
    const log = new MintedLog(ORIGIN).add(...LOG.entries.slice(0, 1400));
    const step = fc.record({
      count: fc.oneof(fc.nat(40), fc.nat(700)),
      as: fc.constantFrom('entries', 'bundles'),
      next: fc.constantFrom('nothing', 'commit', 'flush', 'open', 'rewind'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const files = new CrashingFiles();
        let store = await MirrorStore.open('/m', ORIGIN, { files });
        for (const { count, as, next } of steps) {
          const end = Math.min(store.size + count, log.size);
          if (as === 'entries') await store.append(log.entries.slice(store.size, end));
          else {
            for (let at = Math.floor(store.size / TILE_WIDTH); at * TILE_WIDTH < end; at++) {
              await store.appendBundle(...bundleOf(log, at, end));
            }
          }
          expect(store.size).toBe(end);
          if (next === 'commit') await store.commit(signed(log, end));
          if (next === 'flush') await store.flush();
          if (next === 'rewind') await store.rewind();
          if (next === 'open') store = await MirrorStore.open('/m', ORIGIN, { files });
          if (next === 'rewind') expect(store.size).toBe(store.head.size);
        }
        await store.append(log.entries.slice(store.size));
        await store.commit(signed(log));
        await expectServed(files, log, log.size);
        const own = logFolder('/m', ORIGIN);
        const tiles = [...files.contents()].filter(([path]) => path.startsWith(`${own}/tile/`));
        expect(store.bytesUsed()).toBe(tiles.reduce((sum, [, bytes]) => sum + bytes.length, 0));
        const lasting = tiles.map(([path]) => parseTilePath(path.slice(own.length + 1)));
        for (const name of lasting) expect(name.index).toBeLessThanOrEqual(Math.floor(log.size / TILE_WIDTH));
        // Partial tiles only where no full one is: at the right edge.
        const edge = new Set(partialsOf(log.size).map((name) => pathOf({ ...name, width: TILE_WIDTH })));
        for (const name of lasting) {
          if (name.width < TILE_WIDTH) expect(edge).toContain(pathOf({ ...name, width: TILE_WIDTH }));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('goes on without its state file, from the checkpoint and the tiles', async () => {
    let store = await MirrorStore.open(folder, ORIGIN);
    await store.append(LOG.entries.slice(0, 700));
    await store.commit(signed(LOG, 700));
    const used = store.bytesUsed();
    for (const content of [null, 'no JSON', '{"version":1}', '{"version":1,"origin":"log.example","heads":[{}]}']) {
      rmSync(join(store.folder, 'state.json'));
      writeFileSync(join(store.folder, content === null ? 'state.json.tmp' : 'state.json'), content ?? 'torn');
      store = await MirrorStore.open(folder, ORIGIN);
      expect([store.size, store.bytesUsed()]).toEqual([700, used]);
      await store.commit(signed(LOG, 700));
    }
  });

  it('refuses a checkpoint whose root the entries do not give, and is back at the one before', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    await store.append(LOG.entries.slice(0, 300));
    await store.commit(signed(LOG, 300));
    await store.append(LOG.entries.slice(301, 900));
    await store.flush();
    expect(await refusal(store.commit(signed(LOG, 899)))).toBe('root-mismatch');
    expect([store.size, store.head.size]).toEqual([300, 300]);
    expect((await MirrorStore.open(folder, ORIGIN)).size).toBe(300);
    await store.append(LOG.entries.slice(300, 899));
    await store.commit(signed(LOG, 899));
    expect(await checkMirror(folder, ORIGIN)).toMatchObject({ problemCount: 0, head: { size: 899 } });
  });

  it('refuses notes of other logs and sizes, and what is no note', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    await store.append(LOG.entries.slice(0, 10));
    const good = signed(LOG, 10);
    const other = LOG.checkpoint(10, { origin: 'other.example' }).toString();
    for (const note of ['', 'x', other, signed(LOG, 9).note]) {
      expect(await refusal(store.commit({ ...good, note }))).toBe('wrong-checkpoint');
    }
    expect(await refusal(store.commit(signed(LOG, 11)))).toBe('wrong-checkpoint');
    await store.commit(good);
    expect(store.head.size).toBe(10);
  });

  it('refuses an entry that no bundle can hold, names it, and takes nothing of the call', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    await store.append([new Uint8Array(65_535)]);
    const entries = [new Uint8Array(3), new Uint8Array(65_536)];
    await expect(store.append(entries)).rejects.toThrow(/^Entry 2 of log\.example has 65536 bytes/);
    expect(store.size).toBe(1);
  });

  it('keeps nothing of the buffers that it was given', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    const entries = LOG.entries.slice(0, 200).map((entry) => Buffer.from(entry));
    await store.append(entries);
    for (const entry of entries) entry.fill(0);
    const [, bytes, leaves] = bundleOf(LOG, 0, 250);
    await store.appendBundle(0, bytes, leaves);
    for (const given of [bytes, leaves]) given.fill(0);
    await store.commit(signed(LOG, 250));
    expect(await checkMirror(folder, ORIGIN)).toMatchObject({ problemCount: 0, head: { size: 250 } });
  });

  it('takes of a fuller bundle the entries that were asked for', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    const [, , leaves] = bundleOf(LOG, 0, 100);
    await store.appendBundle(0, LOG.bundle(0, 180), leaves);
    await store.commit(signed(LOG, 100));
    expect(readFileSync(join(store.folder, 'tile/entries/000.p/100')).equals(LOG.bundle(0, 100))).toBe(true);
  });

  it.skipIf(!existsSync(REKOR_V2))('has the very files of a log that Rekor v2 wrote', async () => {
    const note = readFileSync(join(REKOR_V2, 'checkpoint'));
    const { origin, size, root } = readHead(note);
    const [source, store] = [diskTileSource(REKOR_V2), await MirrorStore.open(folder, origin)];
    for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
      const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
      await store.append(parseEntryBundle(await source.entryBundle(bundle, width), width));
    }
    await store.commit({ note: note.toString(), size, root });
    const mirrored = tilesOf(store.folder);
    expect(mirrored.size).toBeGreaterThan(70);
    for (const [path, bytes] of mirrored) expect(bytes.equals(readFileSync(join(REKOR_V2, path))), path).toBe(true);
  });

  it('refuses bundles that do not continue it', async () => {
    const store = await MirrorStore.open(folder, ORIGIN);
    await store.append(LOG.entries.slice(0, 300));
    expect(await refusal(store.appendBundle(...bundleOf(LOG, 0)))).toBe('out-of-order');
    expect(await refusal(store.appendBundle(...bundleOf(LOG, 2)))).toBe('out-of-order');
    const [, bytes, leaves] = bundleOf(LOG, 3);
    expect(await refusal(store.appendBundle(1, bytes, leaves))).toBe('out-of-order');
    expect(await refusal(store.appendBundle(1, bytes.subarray(1), leaves))).toContain('TlogError');
    await store.appendBundle(...bundleOf(LOG, 1));
    expect(store.size).toBe(512);
  });

  it('stops at its limit before it writes beyond it, and goes on once that is raised', async () => {
    const store = await MirrorStore.open(folder, ORIGIN, { limit: 60_000 });
    let taken = 0;
    await expect(
      (async () => {
        for (; taken < 60_000; taken += 50) await store.append(LOG.entries.slice(taken, taken + 50));
      })(),
    ).rejects.toThrow(/would go beyond its limit of 60000\. Raise the limit/);
    expect(taken).toBeGreaterThan(256);
    await store.commit(signed(LOG, taken));
    expect(store.bytesUsed()).toBeLessThanOrEqual(60_000);
    const onDisk = [...tilesOf(store.folder).keys()].reduce(
      (sum, path) => sum + statSync(join(store.folder, path)).size,
      0,
    );
    expect(onDisk).toBe(store.bytesUsed());
    store.limit = null;
    await store.append(LOG.entries.slice(taken, 5000));
    await store.commit(signed(LOG, 5000));
    expect(await checkMirror(folder, ORIGIN)).toMatchObject({ problemCount: 0, head: { size: 5000 } });
  });

  it('cannot be used after a write that failed, until it is opened anew', async () => {
    const files = new CrashingFiles();
    const store = await MirrorStore.open('/m', ORIGIN, { files });
    files.stepsLeft = 0;
    expect(await refusal(store.append(LOG.entries.slice(0, 256)))).toBe('not-writable');
    files.stepsLeft = Number.POSITIVE_INFINITY;
    expect(await refusal(store.append(LOG.entries.slice(0, 1)))).toBe('not-writable');
    expect((await MirrorStore.open('/m', ORIGIN, { files })).size).toBe(0);
  });
});
