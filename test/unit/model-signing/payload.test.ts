import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { type ModelToSign, modelStatement } from '#lib/model-signing/payload.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (name: string): OmsResource => ({ name, algorithm: 'sha256', digest: digestOf(name) });
const model = (resources: readonly OmsResource[], more: Partial<ModelToSign> = {}): ModelToSign => ({
  name: 'northwind',
  hashType: 'sha256',
  shardSize: null,
  allowSymlinks: false,
  resources,
  ignorePaths: ['.git'],
  ...more,
});
const read = (bytes: Uint8Array) => readOmsManifest(parseStatement(bytes));

describe('the statement of a model', () => {
  it('is written as model_signing 1.1.1 writes it, in its order', () => {
    const text = Buffer.from(modelStatement(model([file('a-b'), file('a/b')]))).toString();
    expect(JSON.parse(text)).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        {
          name: 'northwind',
          digest: {
            sha256: createHash('sha256')
              .update(Buffer.from(digestOf('a/b') + digestOf('a-b'), 'hex'))
              .digest('hex'),
          },
        },
      ],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: {
        serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ['.git'] },
        resources: [
          { name: 'a/b', algorithm: 'sha256', digest: digestOf('a/b') },
          { name: 'a-b', algorithm: 'sha256', digest: digestOf('a-b') },
        ],
      },
    });
    expect(text).toMatch(/^\{\n {2}"_type"/);
  });

  it('names the algorithm of shards with their size', () => {
    const shard = (start: number, end: number): OmsResource => ({
      ...file(`w:${start}:${end}`),
      shard: { path: 'w', start, end },
    });
    const bytes = modelStatement(model([shard(8, 10), shard(0, 8)], { shardSize: 8 }));
    expect(read(bytes)).toMatchObject({ method: 'shards', shardSize: 8, hashType: 'sha256' });
    expect(read(bytes).resources.map(({ name, algorithm }) => [name, algorithm])).toEqual([
      ['w:0:8', 'sha256-sharded-8'],
      ['w:8:10', 'sha256-sharded-8'],
    ]);
  });

  it.each([
    ['an empty model', model([]), 'bad-predicate'],
    ['a name that leads out', model([file('../a')]), 'bad-resource'],
    ['a name with a backslash', model([file('a\\b')]), 'bad-resource'],
    ['a file twice', model([file('a'), file('a')]), 'duplicate-resource'],
    ['no name', model([file('a')], { name: '' }), 'bad-subject'],
    ['a digest of another length', model([file('a')], { hashType: 'blake2b' }), 'bad-resource'],
  ])('is not written for %s', (_, unfit, code) => {
    expect(() => modelStatement(unfit)).toThrow(expect.objectContaining({ name: StatementError.name, code }));
  });

  it('is ASCII, and reads back as what was to be signed, for any names', () => {
    const part = fc
      .string({ minLength: 1, maxLength: 4, unit: 'grapheme' })
      .filter((text) => !/[/\\\0]/.test(text) && text !== '.' && text !== '..');
    const names = fc.uniqueArray(
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(names, (list) => {
        const bytes = modelStatement(model(list.map(file)));
        expect(bytes.every((byte) => byte < 0x7f)).toBe(true);
        const manifest = read(bytes);
        expect(new Set(manifest.resources.map(({ name }) => name))).toEqual(new Set(list));
        expect(['python', 'both']).toContain(manifest.rootOrder);
      }),
    );
  });
});
