import { describe, expect, it } from 'vitest';
import { fileList } from '#lib/browser/file-list.ts';
import { readModeltrailManifest, writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { rootsOfList } from '#lib/hash-list/roots-of-list.ts';
import { rootOf } from '#lib/model-signing/roots.ts';
import { mintHex } from '#test/factories.ts';

const file = new File(['0123456789'], 'x');
const whole = (seed: string) => ({ pieces: [{ start: 0, end: 10, digest: mintHex(seed) }] });
const base = { name: 'granite', hashType: 'sha256', shardSize: null, leftOut: ['.git'] } as const;

describe('the list that a browser sends', () => {
  it('is read back as it was made, sorted by path', () => {
    const files = ['b', 'a/c', 'a'].map((path) => ({ path, file }));
    const list = fileList({ ...base, files, outcomes: [whole('b'), whole('c'), whole('a')] });
    expect(list.files.map(({ path }) => path)).toEqual(['a', 'a/c', 'b']);
    expect(readModeltrailManifest(new TextEncoder().encode(writeModeltrailManifest(list)))).toEqual(list);
    expect(rootsOfList(list)?.python).toBe(rootOf(['a', 'c', 'b'].map((seed) => ({ digest: mintHex(seed) }))));
  });

  it('does not list files that failed', () => {
    const files = ['a', 'b'].map((path) => ({ path, file }));
    const list = fileList({ ...base, files, outcomes: [{ reason: 'It is gone.' }, whole('b')] });
    expect(list.files.map(({ path }) => path)).toEqual(['b']);
  });

  it('has shards with their ranges, and none for an empty file', () => {
    const pieces = [
      { start: 0, end: 6, digest: mintHex('1') },
      { start: 6, end: 10, digest: mintHex('2') },
    ];
    const files = [
      { path: 'a', file },
      { path: 'e', file: new File([], 'e') },
    ];
    const list = fileList({ ...base, shardSize: 6, files, outcomes: [{ pieces }, { pieces: [] }] });
    expect(list.files[0]?.digests[1]).toEqual({
      name: 'a:6:10',
      algorithm: 'sha256-sharded-6',
      digest: mintHex('2'),
      shard: { path: 'a', start: 6, end: 10 },
    });
    expect(list.files[1]).toEqual({ path: 'e', size: 0, digests: [] });
    expect(readModeltrailManifest(new TextEncoder().encode(writeModeltrailManifest(list)))).toEqual(list);
  });
});
