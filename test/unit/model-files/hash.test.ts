import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFile } from '#lib/model-files/hash.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-hash-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');
const put = (content: Uint8Array | string) => writeFileSync(path, content);
const digestOf = (bytes: Uint8Array, algorithm = 'sha256') => createHash(algorithm).update(bytes).digest('hex');

describe('hashing a file', () => {
  it('knows the test vectors of every hash of OMS', async () => {
    put('abc');
    const whole = async (hashType: 'sha256' | 'blake2b' | 'blake3') =>
      (await hashFile(path, { hashType, shardSize: null }))[0]?.digest;
    expect(await whole('sha256')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(await whole('blake2b')).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
    expect(await whole('blake3')).toBe('6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85');
  });

  it('reads files larger than its buffer piece by piece, and tells how far it is', async () => {
    const content = Buffer.alloc(3_500_000, 'model');
    put(content);
    let told = 0;
    const onProgress = (bytes: number) => {
      told += bytes;
    };
    expect(await hashFile(path, { hashType: 'sha256', shardSize: null, onProgress })).toEqual([
      { start: 0, end: content.length, digest: digestOf(content) },
    ]);
    expect(told).toBe(content.length);
    const shards = await hashFile(path, { hashType: 'sha256', shardSize: 1_500_000 });
    expect(shards.map(({ start, end }) => [start, end])).toEqual([
      [0, 1_500_000],
      [1_500_000, 3_000_000],
      [3_000_000, 3_500_000],
    ]);
  });

  it('of nothing is one digest, and no shard', async () => {
    put('');
    expect(await hashFile(path, { hashType: 'sha256', shardSize: null })).toEqual([
      { start: 0, end: 0, digest: digestOf(Buffer.alloc(0)) },
    ]);
    expect(await hashFile(path, { hashType: 'sha256', shardSize: 8 })).toEqual([]);
  });

  it('cuts every file into shards that cover it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (content, shardSize) => {
          put(content);
          const expected = Array.from({ length: Math.ceil(content.length / shardSize) }, (_, i) => {
            const piece = content.subarray(i * shardSize, (i + 1) * shardSize);
            return { start: i * shardSize, end: i * shardSize + piece.length, digest: digestOf(piece, 'blake2b512') };
          });
          expect(await hashFile(path, { hashType: 'blake2b', shardSize })).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses folders, files that are not there, and more shards than a manifest lists', async () => {
    await expect(hashFile(folder, { hashType: 'sha256', shardSize: null })).rejects.toMatchObject({
      code: 'not-a-file',
    });
    await expect(hashFile(join(folder, 'no'), { hashType: 'sha256', shardSize: null })).rejects.toMatchObject({
      code: 'unreadable',
    });
    put(Buffer.alloc(200_001));
    await expect(hashFile(path, { hashType: 'sha256', shardSize: 1 })).rejects.toMatchObject({ code: 'too-many' });
  });

  it('refuses a file that grows or shrinks meanwhile', async () => {
    put(Buffer.alloc(2_500_000));
    let isFirst = true;
    const onProgress = () => {
      if (isFirst) put(Buffer.alloc(1_200_000));
      isFirst = false;
    };
    await expect(hashFile(path, { hashType: 'sha256', shardSize: null, onProgress })).rejects.toMatchObject({
      code: 'changed',
    });
  });
});
