import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { hashFile } from '#lib/model-files/hash.ts';
import { hashInThreads } from '#lib/model-files/hash-pool.ts';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { type FileToHash, planSpans } from '#lib/model-files/plan-spans.ts';
import type { HashType } from '#lib/model-signing/resource.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-hash-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function put(content: Uint8Array | string): FileToHash {
  const path = join(folder, `file-${count++}`);
  writeFileSync(path, content);
  return { path, size: content.length };
}

async function inThreads(files: readonly FileToHash[], hashType: HashType, shardSize: number | null) {
  const spans = await hashInThreads(planSpans(files, shardSize), { workers: 2, hashType, shardSize });
  return files.map((_, i) =>
    spans
      .filter(({ index }) => index === i)
      .flatMap(({ pieces }) => pieces)
      .sort((a, b) => a.start - b.start),
  );
}

describe('hashing in threads', { timeout: 60_000 }, () => {
  it.each(['sha256', 'blake2b', 'blake3'] as const)(
    'finds the same %s digests as one file after the other',
    async (hashType) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 5000, size: 'max' }), { minLength: 1, maxLength: 20 }),
          fc.option(fc.integer({ min: 1, max: 3000 })),
          async (contents, shardSize) => {
            const files = contents.map(put);
            const expected = [];
            for (const { path } of files) expected.push(await hashFile(path, { hashType, shardSize }));
            expect(await inThreads(files, hashType, shardSize)).toEqual(expected);
          },
        ),
        { numRuns: 8 },
      );
    },
  );

  it('puts the shards of a large file together again, whichever thread had them', async () => {
    const file = put('');
    truncateSync(file.path, 200_000_001);
    const large = { ...file, size: 200_000_001 };
    const shardSize = 7_000_000;
    const expected = await hashFile(file.path, { hashType: 'sha256', shardSize });
    expect((await inThreads([large], 'sha256', shardSize))[0]).toEqual(expected);
    expect(expected).toHaveLength(29);
  });

  it('tells every byte once', async () => {
    const files = Array.from({ length: 300 }, (_, i) => put(Buffer.alloc(i * 100)));
    let told = 0;
    await hashInThreads(planSpans(files, null), {
      workers: 3,
      hashType: 'sha256',
      shardSize: null,
      onProgress: (bytes) => {
        told += bytes;
      },
    });
    expect(told).toBe(files.reduce((total, { size }) => total + size, 0));
  });

  it('names the first file that cannot be hashed, as one after the other does', async () => {
    const files = Array.from({ length: 400 }, () => put('content'));
    const gone = [390, 130, 260];
    for (const i of gone) rmSync(files[i]?.path ?? '');
    await expect(inThreads(files, 'sha256', null)).rejects.toMatchObject({
      name: 'ModelFilesError',
      code: 'unreadable',
      message: expect.stringContaining(`${files[130]?.path} cannot be read`),
    });
  });

  it('refuses a file that is not as long as it was listed, and folders', async () => {
    const file = put('content');
    await expect(inThreads([{ ...file, size: 6 }], 'sha256', null)).rejects.toMatchObject({ code: 'changed' });
    await expect(inThreads([{ ...file, size: 8 }], 'sha256', 2)).rejects.toMatchObject({ code: 'changed' });
    await expect(inThreads([{ path: folder, size: 0 }], 'sha256', null)).rejects.toMatchObject({ code: 'not-a-file' });
  });

  it('says so when a thread ends by itself, instead of waiting for it', async () => {
    const end = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker) {
      void this.terminate();
    });
    onTestFinished(() => end.mockRestore());
    await expect(inThreads([put('content')], 'sha256', null)).rejects.toThrow('A thread that hashes ended by itself');
  });

  it('ends its threads whatever goes wrong', async () => {
    const ended = vi.spyOn(Worker.prototype, 'terminate');
    onTestFinished(() => ended.mockRestore());
    const files = [put('content'), { path: (() => {}) as unknown as string, size: 1 }];
    await expect(inThreads(files, 'sha256', null)).rejects.toThrow(/could not be cloned/);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('passes on what the caller throws when told of progress', async () => {
    const onProgress = () => {
      throw new Error('enough');
    };
    const how = { workers: 2, hashType: 'sha256', shardSize: null, onProgress } as const;
    await expect(hashInThreads(planSpans([put('content')], null), how)).rejects.toThrow('enough');
  });

  it('of nothing is nothing', async () => {
    expect(await inThreads([], 'sha256', null)).toEqual([]);
  });
});

describe('reading a model with several threads', { timeout: 60_000 }, () => {
  const model = join(folder, 'model');
  mkdirSync(join(model, 'sub'), { recursive: true });
  for (let i = 0; i < 2100; i++) writeFileSync(join(model, i % 2 ? 'sub' : '', `f${i}`), `content of ${i}`);

  it('gives what one thread gives, and says beforehand what there is to hash', async () => {
    const starts: unknown[] = [];
    const alone = await readModelFiles(model);
    expect(await readModelFiles(model, { mayBlock: true })).toEqual(alone);
    const together = await readModelFiles(model, { workers: 4, onStart: (total) => starts.push(total) });
    expect(together).toEqual(alone);
    const bytes = [...alone.files.values()].reduce((total, { size }) => total + size, 0);
    expect(starts).toEqual([{ files: 2100, bytes }]);
  });

  it('has the same errors as one thread, which may wait for the disk or not', async () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    // Neither alone has too many shards: both have.
    for (const name of ['a', 'b']) writeFileSync(join(bare, name), Buffer.alloc(100_001));
    for (const mayBlock of [true, false]) {
      await expect(readModelFiles(bare, { shardSize: 1, mayBlock })).rejects.toMatchObject({ code: 'too-many' });
      await expect(readModelFiles(join(bare, 'no'), { mayBlock })).rejects.toMatchObject({ code: 'unreadable' });
    }
  });

  it('hashes only what is needed, and lists the rest without digests', async () => {
    const isNeeded = (path: string) => path.startsWith('sub/');
    const { files, resources } = await readModelFiles(model, { workers: 2, isNeeded });
    expect(files.size).toBe(2100);
    expect(resources).toHaveLength(1050);
    expect(files.get('f0')).toEqual({ size: 12, digests: [] });
  });
});
