import { describe, expect, it } from 'vitest';
import { readPublicManifest } from '#lib/browser/public-page/public-manifest.ts';
import { filesVerdict } from '#lib/browser/public-page/verdict.ts';
import { FILE_STATES, type FileState } from '#lib/hash-list/file-answer.ts';

const counts = (some: Partial<Record<FileState, number>>) =>
  ({ ...Object.fromEntries(FILE_STATES.map((state) => [state, 0])), ...some }) as Record<FileState, number>;
const verdict = (some: Partial<Record<FileState, number>>, isForbidden = false) =>
  filesVerdict({ counts: counts(some) }, isForbidden);

describe('the answer about dropped files', () => {
  it.each([
    [{ matches: 4 }, 'proven', 'Yes: 4 files, all the same as on this page.'],
    [{ matches: 3, empty: 1 }, 'proven', 'Yes: 4 files, all the same as on this page.'],
    [{ matches: 4, ignored: 2 }, 'proven', 'Yes: 4 files'],
    [{ matches: 3, differs: 1 }, 'broken', 'No: 1 file is changed'],
    [{ matches: 3, differs: 2, missing: 1 }, 'broken', 'No: 2 files are changed'],
    [{ matches: 3, missing: 1 }, 'claimed', 'The same as far as they go: 3 files match, 1 file is missing.'],
    [{ matches: 3, extra: 1 }, 'claimed', 'Not only: 1 file is not on the list'],
    [{ matches: 3, renamed: 1 }, 'broken', 'Not quite'],
    [{ matches: 3, 'no-digest': 1 }, 'claimed', 'Not known'],
    [{ extra: 5, missing: 3 }, 'broken', 'No: none of these files'],
    [{}, 'broken', 'No: none of these files'],
  ] as const)('for %j is %s', (some, tone, words) => {
    expect(verdict(some).tone).toBe(tone);
    expect(verdict(some).words).toContain(words);
  });

  it('never says yes about a version that must not be used', () => {
    expect(verdict({ matches: 4 }, true)).toMatchObject({ tone: 'broken' });
    expect(verdict({ matches: 4 }, true).words).toContain('must not be used');
    expect(verdict({ matches: 3, missing: 1 }, true).tone).toBe('broken');
  });
});

describe('the list of a public page', () => {
  const list = {
    format: 'modeltrail.public-manifest/v1',
    method: 'files',
    hashType: 'sha256',
    shardSize: null,
    ignorePaths: [],
    resources: [{ name: 'a', algorithm: 'sha256', digest: 'ab' }],
  };

  it('is read', () => {
    expect(readPublicManifest(list)).toMatchObject({ hashType: 'sha256', resources: list.resources });
  });

  it.each([
    null,
    [],
    'x',
    { ...list, format: 'x' },
    { ...list, method: 'x' },
    { ...list, hashType: 'md5' },
    { ...list, shardSize: -1 },
    { ...list, shardSize: '1' },
    { ...list, resources: null },
    { ...list, resources: [{ name: 'a' }] },
    { ...list, resources: [{ name: 'a', algorithm: 'b', digest: 'c', shard: { path: 1 } }] },
    { ...list, ignorePaths: null },
  ])('is refused where it is none: %j', (value) => {
    expect(() => readPublicManifest(value)).toThrow(/The list/);
  });
});
