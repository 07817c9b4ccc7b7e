import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type FileIdentity, HashCache } from '#lib/model-files/hash-cache.ts';
import { readCacheLines, writeCacheLines } from '#lib/model-files/hash-cache-lines.ts';
import { readModelFiles } from '#lib/model-files/manifest.ts';

let folder = '';
let file = '';
const warn = vi.fn<(message: string) => void>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-cache-'));
  file = join(folder, 'cache');
  warn.mockClear();
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const DIGEST = 'a'.repeat(64);
const HOW = { hashType: 'sha256', shardSize: null } as const;
const NOW = Date.parse('2026-05-01T00:00:00Z');
const at = (ms: number) => BigInt(ms) * 1_000_000n;
const identity: FileIdentity = { dev: 1n, ino: 2n, size: 3n, mtimeNs: at(NOW - 5000), ctimeNs: at(NOW - 5000) };

async function saved(): Promise<HashCache> {
  const cache = new HashCache(file, warn);
  await cache.load();
  cache.add(identity, HOW, [DIGEST], NOW);
  await cache.save();
  return cache;
}

async function reopened(): Promise<HashCache> {
  const cache = new HashCache(file, warn);
  await cache.load();
  return cache;
}

describe('a cache of digests', () => {
  it('knows a file again that has not changed, in the next process too', async () => {
    await saved();
    expect((await reopened()).find(identity, HOW)).toEqual([DIGEST]);
    expect(readdirSync(folder)).toEqual(['cache']);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    ['device', { dev: 9n }],
    ['inode', { ino: 9n }],
    ['size', { size: 9n }],
    ['time of the last write', { mtimeNs: identity.mtimeNs + 1n }],
    ['time of the last change', { ctimeNs: identity.ctimeNs + 1n }],
  ])('does not know a file of another %s', async (_, change) => {
    expect((await saved()).find({ ...identity, ...change }, HOW)).toBeNull();
  });

  it('does not take the digest of one way of hashing for that of another', async () => {
    const cache = await saved();
    expect(cache.find(identity, { hashType: 'blake3', shardSize: null })).toBeNull();
    expect(cache.find(identity, { hashType: 'sha256', shardSize: 3 })).toBeNull();
  });

  it('does not keep what was changed in the two seconds before it was read', async () => {
    const cache = new HashCache(file, warn);
    for (const late of [{ mtimeNs: at(NOW - 1999) }, { ctimeNs: at(NOW - 1999) }, { mtimeNs: at(NOW + 60_000) }]) {
      cache.add({ ...identity, ...late }, HOW, [DIGEST], NOW);
      expect(cache.find({ ...identity, ...late }, HOW)).toBeNull();
    }
  });

  it.each([
    ['a list of something else', 'hello\n'],
    ['one that was cut off', `modeltrail hash cache v1\n1 2 3 4 5 sha256 0\t${DIGEST}`],
    ['a digest of the wrong length', `modeltrail hash cache v1\n1 2 3 4 5 sha256 0\t${DIGEST}a\n`],
    ['shards that do not cover the file', `modeltrail hash cache v1\n1 2 30 4 5 sha256 10\t${DIGEST},${DIGEST}\n`],
    ['a hash that OMS has not', `modeltrail hash cache v1\n1 2 3 4 5 md5 0\t${DIGEST}\n`],
  ])('passes over %s with a warning, and makes it anew', async (_, content) => {
    writeFileSync(file, content, { mode: 0o600 });
    const cache = await reopened();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(`The cache ${file} is not used`));
    cache.add(identity, HOW, [DIGEST], NOW);
    await cache.save();
    expect((await reopened()).find(identity, HOW)).toEqual([DIGEST]);
  });

  it('is not used where others can write it', async () => {
    await saved();
    chmodSync(file, 0o620);
    expect((await reopened()).find(identity, HOW)).toBeNull();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('others than you can write it'));
  });

  it('is written so that nobody else reads it, and never through a link', async () => {
    writeFileSync(join(folder, 'other'), 'other');
    symlinkSync('other', `${file}.${process.pid}.tmp`);
    await saved();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('cannot be written'));
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('other');
  });

  it('neither reads nor replaces what is no plain file', async () => {
    writeFileSync(join(folder, 'other'), 'other');
    symlinkSync('other', file);
    await saved();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('is not used: it is not a plain file.'));
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('cannot be written: it is not a plain file.'));
    expect(readFileSync(file, 'utf8')).toBe('other');
  });

  it('stays as it was where the folder cannot be written', async () => {
    const cache = new HashCache(join(folder, 'no', 'cache'), warn);
    await cache.load();
    cache.add(identity, HOW, [DIGEST], NOW);
    await cache.save();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('cannot be written'));
  });
});

describe('the lines of a cache', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
  const entry = fc
    .record({
      ino: fc.bigInt({ min: 0n }),
      size: fc.integer({ min: 1, max: 9999 }),
      shards: fc.array(hex, { minLength: 1, maxLength: 4 }),
    })
    .map(({ ino, size, shards }): [string, string[]] => {
      const shardSize = shards.length === 1 ? 0 : size;
      return [`7 ${ino} ${shardSize * shards.length || size} 1 -2 sha256 ${shardSize}`, shards];
    });

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const digests = new Map(entries);
        expect(readCacheLines(writeCacheLines(digests, 1_000_000))).toEqual(digests);
      }),
    );
  });

  it('leave out those that were not used for longest where there is no room', () => {
    const digests = new Map(['1', '2', '3'].map((ino) => [`1 ${ino} 3 4 5 sha256 0`, [DIGEST]]));
    expect([...readCacheLines(writeCacheLines(digests, 150)).keys()]).toEqual(['1 3 3 4 5 sha256 0']);
    expect(readCacheLines(writeCacheLines(digests, 10)).size).toBe(0);
  });

  it('are never read as anything else than they say: other text is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => readCacheLines(text)).toThrow();
      }),
    );
  });
});

describe('reading a model with a cache', () => {
  it.each([
    { workers: 1, mayBlock: false },
    { workers: 1, mayBlock: true },
    { workers: 2, mayBlock: true },
  ])('reads only what changed, with %o', async (how) => {
    const model = join(folder, 'model');
    mkdirSync(model);
    for (let i = 0; i < 2000; i++) writeFileSync(join(model, `f${i}`), `content ${i}`);
    const read = async () => {
      let hashed = 0;
      const cache = new HashCache(file, warn);
      const onStart = ({ files }: { files: number }) => {
        hashed = files;
      };
      // Files of this very second are not kept: seen from a later time they are.
      vi.spyOn(Date, 'now').mockReturnValue(NOW + 10 * 365 * 86_400_000);
      const model_ = await readModelFiles(model, { ...how, cache, onStart });
      vi.restoreAllMocks();
      return { hashed, resources: model_.resources };
    };
    const first = await read();
    const second = await read();
    writeFileSync(join(model, 'f7'), 'CONTENT 7');
    const third = await read();
    expect([first.hashed, second.hashed, third.hashed]).toEqual([2000, 0, 1]);
    expect(second.resources).toEqual(first.resources);
    expect(third.resources).toEqual((await readModelFiles(model)).resources);
    expect(third.resources).not.toEqual(first.resources);
  });
});
