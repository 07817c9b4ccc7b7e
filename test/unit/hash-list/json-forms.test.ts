import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HashList, ListedFile } from '#lib/hash-list/hash-list.ts';
import { readModeltrailManifest, writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { rootsOfList } from '#lib/hash-list/roots-of-list.ts';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { mintHex } from '#test/factories.ts';

const OMS = new URL('../../fixtures/oms/', import.meta.url);
const encode = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const payloadOf = (name: string) => {
  const bundle = JSON.parse(readFileSync(new URL(name, OMS), 'utf8')) as { dsseEnvelope: { payload: string } };
  return Buffer.from(bundle.dsseEnvelope.payload, 'base64');
};

const MANIFEST = {
  format: 'modeltrail.manifest/v1',
  name: 'granite',
  hashType: 'sha256',
  shardSize: null,
  leftOut: ['.git'],
  files: [{ path: 'a.bin', size: 3, digest: mintHex('a') }],
};

const part = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 8 })
  .filter((text) => text.isWellFormed() && !/[/\\\0]/.test(text) && text !== '.' && text !== '..');
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const sorted = (paths: string[]) => [...paths].sort();

const wholeFiles = fc.uniqueArray(path, { minLength: 1, maxLength: 8 }).chain((paths) =>
  fc.tuple(
    ...sorted(paths).map((name) =>
      fc.record({ size: fc.option(fc.nat()), isListed: fc.boolean() }).map(
        ({ size, isListed }): ListedFile => ({
          path: name,
          size,
          digests: isListed ? [{ name, algorithm: 'sha256', digest: mintHex(name) }] : [],
        }),
      ),
    ),
  ),
);

const shardedFiles = fc.uniqueArray(path, { minLength: 1, maxLength: 8 }).chain((paths) =>
  fc.tuple(
    ...sorted(paths).map((name) =>
      fc.nat({ max: 60 }).map(
        (size): ListedFile => ({
          path: name,
          size,
          digests: Array.from({ length: Math.ceil(size / 16) }, (_, i) => {
            const shard = { path: name, start: 16 * i, end: Math.min(size, 16 * i + 16) };
            const named = `${name}:${shard.start}:${shard.end}`;
            return { name: named, algorithm: 'sha256-sharded-16', digest: mintHex(named), shard };
          }),
        }),
      ),
    ),
  ),
);

describe('our own JSON form', () => {
  it('is read as it was written, whole files and shards', () => {
    const facts = fc.record({ name: fc.option(part), leftOut: fc.uniqueArray(path, { maxLength: 3 }).map(sorted) });
    const lists = fc.oneof(
      fc.tuple(facts, wholeFiles, fc.constant(null)),
      fc.tuple(facts, shardedFiles, fc.constant(16)),
    );
    fc.assert(
      fc.property(lists, ([{ name, leftOut }, files, shardSize]) => {
        const list: HashList = { form: 'modeltrail', name, hashType: 'sha256', shardSize, files, leftOut, remarks: [] };
        const text = writeModeltrailManifest(list);
        expect(readHashList(encode(text))).toEqual(list);
        expect(writeModeltrailManifest({ ...list, files: [...files].reverse() })).toBe(text);
      }),
    );
  });

  it.each([
    [{ ...MANIFEST, format: 'modeltrail.manifest/v2' }, 'unknown-form'],
    [{ ...MANIFEST, extra: 1 }, 'bad-field'],
    [{ ...MANIFEST, hashType: 'md5' }, 'unsupported-hash'],
    [{ ...MANIFEST, shardSize: 0 }, 'bad-field'],
    [{ ...MANIFEST, leftOut: ['../x'] }, 'bad-path'],
    [{ ...MANIFEST, files: [] }, 'empty'],
    [{ ...MANIFEST, files: [{ path: 'a.bin', size: -1, digest: mintHex('a') }] }, 'bad-field'],
    [{ ...MANIFEST, files: [{ path: 'a.bin', size: 1.5, digest: mintHex('a') }] }, 'bad-field'],
    [{ ...MANIFEST, files: [{ path: 'a.bin', size: 1, digest: 'zz' }] }, 'bad-digest'],
    [{ ...MANIFEST, files: [{ path: '/a.bin', size: 1, digest: mintHex('a') }] }, 'bad-path'],
    [{ ...MANIFEST, files: [{ path: 'a.bin', size: 1, digest: mintHex('a'), mode: 7 }] }, 'bad-field'],
    [{ ...MANIFEST, files: [{ path: 'a.bin', size: 1, shards: [] }] }, 'bad-field'],
    [{ ...MANIFEST, shardSize: 4, files: [{ path: 'a', size: 8, shards: [], digest: null }] }, 'bad-field'],
    [
      {
        ...MANIFEST,
        shardSize: 4,
        files: [{ path: 'a', size: 8, shards: [{ start: 4, end: 8, digest: mintHex('a') }] }],
      },
      'bad-field',
    ],
    [
      {
        ...MANIFEST,
        shardSize: 4,
        files: [{ path: 'a', size: 9, shards: [{ start: 0, end: 4, digest: mintHex('a') }] }],
      },
      'bad-field',
    ],
  ])('refuses what is not exactly it: %j', (value, code) => {
    expect(() => readModeltrailManifest(encode(value))).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a key that stands twice', () => {
    const doubled = JSON.stringify(MANIFEST).replace('"name"', '"name":"other","name"');
    expect(() => readHashList(encode(doubled))).toThrow(expect.objectContaining({ code: 'not-json' }));
  });

  it('refuses a file whose shards are not all there', () => {
    const files = [{ path: 'a', size: 8, shards: [] }];
    expect(() => readHashList(encode({ ...MANIFEST, shardSize: 4, files }))).toThrow(
      expect.objectContaining({ code: 'bad-field' }),
    );
  });
});

describe('a model signature as a list', () => {
  it.each(['files-p256.sig', 'shards.sig', 'blake3.sig', 'shards-blake2b.sig', 'ignore.sig', 'single.sig'])(
    'has the files and the root that %s signs, and says that its signature was not looked at',
    (name) => {
      const manifest = readOmsManifest(parseStatement(payloadOf(name)));
      const list = readHashList(readFileSync(new URL(name, OMS)));
      expect(list).toMatchObject({ form: 'oms-bundle', hashType: manifest.hashType, shardSize: manifest.shardSize });
      expect(list.remarks).toEqual([expect.stringContaining('not looked at')]);
      const roots = rootsOfList(list);
      expect([roots?.python, roots?.specification]).toContain(manifest.root);
      expect(readHashList(payloadOf(name))).toEqual({ ...list, form: 'oms-statement' });
      const again = readHashList(encode(writeModeltrailManifest(list)));
      expect(rootsOfList(again)).toEqual(roots);
    },
  );

  it('can be written and read again, whatever its signer named and left out', () => {
    const payload = modelStatement({
      name: 'granite \ud800',
      hashType: 'sha256',
      shardSize: null,
      allowSymlinks: false,
      resources: [{ name: 'a.bin', algorithm: 'sha256', digest: mintHex('a') }],
      ignorePaths: ['..\\x', 'nul\0', '../up', './.cache/', 'kept'],
    });
    const list = readHashList(payload);
    expect(list.leftOut).toEqual(['.cache', 'kept']);
    expect(readHashList(encode(writeModeltrailManifest(list)))).toEqual({ ...list, form: 'modeltrail', remarks: [] });
  });

  it('is refused where its payload is not base64, or no model is signed', () => {
    const envelope = { payloadType: 'application/vnd.in-toto+json', payload: '!!' };
    expect(() => readHashList(encode({ dsseEnvelope: envelope }))).toThrow(/base64/);
    expect(() => readHashList(encode({ messageSignature: {} }))).toThrow(/lists no files/);
    const payload = Buffer.from('{"_type":"x"}').toString('base64');
    expect(() => readHashList(encode({ dsseEnvelope: { ...envelope, payload } }))).toThrow(/lists no files/);
  });
});

describe('a listing of the Hugging Face Hub', () => {
  const digest = mintHex('weights');

  it('has the SHA-256 of LFS files, and says that others have none', () => {
    const tree = [
      { type: 'directory', oid: 'f'.repeat(40), size: 0, path: 'sub' },
      { type: 'file', oid: 'e'.repeat(40), size: 12, path: 'config.json' },
      {
        type: 'file',
        oid: 'd'.repeat(40),
        size: 900,
        path: 'sub/model.safetensors',
        xetHash: 'x',
        lfs: { oid: `sha256:${digest}`, size: 900, pointerSize: 134 },
      },
    ];
    const list = readHashList(encode(tree));
    expect(list.files).toEqual([
      { path: 'config.json', size: 12, digests: [] },
      {
        path: 'sub/model.safetensors',
        size: 900,
        digests: [{ name: 'sub/model.safetensors', algorithm: 'sha256', digest }],
      },
    ]);
    expect(list.remarks).toEqual([expect.anything(), expect.stringContaining('1 files have no SHA-256')]);
    expect(rootsOfList(list)).toBeNull();
  });

  it('is read from the siblings of a model as well', () => {
    const siblings = [{ rfilename: 'a.bin', size: 5, blobId: 'c'.repeat(40), lfs: { sha256: digest, size: 5 } }];
    expect(readHashList(encode({ id: 'org/model', siblings }))).toMatchObject({
      form: 'hugging-face',
      name: 'org/model',
      files: [{ path: 'a.bin', size: 5, digests: [{ digest }] }],
    });
  });

  it('is refused where a path leads out or a digest is none', () => {
    const entry = { type: 'file', path: '../x', size: 1, lfs: { oid: digest, size: 1 } };
    expect(() => readHashList(encode([entry]))).toThrow(expect.objectContaining({ code: 'bad-path', at: '[0]' }));
    expect(() => readHashList(encode([{ ...entry, path: 'x', lfs: { oid: 'abc' } }]))).toThrow(
      expect.objectContaining({ code: 'bad-digest', at: '[0].lfs.oid' }),
    );
  });
});
