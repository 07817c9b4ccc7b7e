import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isModelSignature, OMS_DIGESTS_V0_1, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_V0_1, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';

const V1 = 'https://model_signing/signature/v1.0';
const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const resource = (name: string, more: object = {}) => ({ name, algorithm: 'sha256', digest: digestOf(name), ...more });
const rootOf = (digests: readonly string[]): string =>
  createHash('sha256')
    .update(Buffer.concat(digests.map((digest) => Buffer.from(digest, 'hex'))))
    .digest('hex');

const files = { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ['.git', 'model.sig'] };

function statement(resources: readonly { digest: unknown }[], serialization: object = files, more: object = {}) {
  const root = rootOf(resources.map(({ digest }) => String(digest)));
  return {
    _type: STATEMENT_V1,
    subject: [{ name: 'northwind', digest: { sha256: root } }],
    predicateType: V1,
    predicate: { resources, serialization },
    ...more,
  };
}

const read = (value: unknown) => readOmsManifest(parseStatement(new TextEncoder().encode(JSON.stringify(value))));

function codeOf(value: unknown): string {
  try {
    read(value);
    return 'taken';
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    return error.code;
  }
}

describe('an OMS manifest', () => {
  it('is read, and its root recomputed in the listed order', () => {
    const manifest = read(statement([resource('b.bin'), resource('a/config.json')]));
    expect(manifest).toMatchObject({
      name: 'northwind',
      root: rootOf([digestOf('b.bin'), digestOf('a/config.json')]),
      rootStated: true,
      rootOrder: 'neither',
      method: 'files',
      hashType: 'sha256',
      shardSize: null,
      ignorePaths: ['.git', 'model.sig'],
    });
    expect(manifest.resources.map(({ name }) => name)).toEqual(['b.bin', 'a/config.json']);
  });

  it('with a root that the resources do not give is refused', () => {
    const forged = statement([resource('a'), resource('b')]);
    forged.subject = [{ name: 'northwind', digest: { sha256: rootOf([digestOf('b'), digestOf('a')]) } }];
    expect(codeOf(forged)).toBe('root-mismatch');
  });

  it('of any v1 predicate is read, unknown fields ignored; of another one it is not', () => {
    const later = statement(
      [resource('a', { size: 1 })],
      { ...files, future: true },
      { predicateType: 'https://model_signing/signature/v1.7' },
    );
    expect(codeOf(later)).toBe('taken');
    expect(codeOf(statement([resource('a')], files, { predicateType: 'https://slsa.dev/provenance/v1' }))).toBe(
      'not-a-model-signature',
    );
    expect(codeOf(statement([resource('a')], files, { _type: STATEMENT_V0_1 }))).toBe('unknown-statement-type');
    for (const type of [
      'https://model_signing/signature/v2.0',
      `${V1}x`,
      `x${V1}`,
      'https://model_signing/signature/v1.',
    ]) {
      expect(isModelSignature(type)).toBe(false);
    }
  });

  it.each(['', '/etc/passwd', '../up', 'a/../../up', 'a\\b', 'a//b', './a', 'a/.', 'a/', 'a\0b', 'x'.repeat(4097)])(
    'with the name %j is refused',
    (name) => {
      expect(codeOf(statement([resource(name)]))).toBe('bad-resource');
    },
  );

  it.each(['.', 'a', '模型.bin', 'path with spaces/x', '.hidden', 'a:0:1', '..a', 'x'.repeat(4096)])(
    'with the name %j is taken',
    (name) => {
      expect(codeOf(statement([resource(name)]))).toBe('taken');
    },
  );

  it('with a name twice is refused: the reference lets the last one win', () => {
    expect(codeOf(statement([resource('a'), resource('b'), resource('a')]))).toBe('duplicate-resource');
  });

  it.each<[string, unknown, string]>([
    ['no resources', statement([]), 'bad-predicate'],
    ['no predicate', { ...statement([resource('a')]), predicate: undefined }, 'bad-predicate'],
    [
      'two subjects',
      { ...statement([resource('a')]), subject: Array(2).fill(statement([resource('a')]).subject[0]) },
      'bad-subject',
    ],
    ['an unknown method', statement([resource('a')], { ...files, method: 'chunks' }), 'bad-serialization'],
    ['an unknown hash', statement([resource('a')], { ...files, hash_type: 'md5' }), 'bad-serialization'],
    ['ignored paths that are none', statement([resource('a')], { ...files, ignore_paths: [7] }), 'bad-serialization'],
    ['a digest of another length', statement([{ ...resource('a'), digest: 'ab' }]), 'bad-resource'],
    ['a digest of another algorithm', statement([resource('a', { algorithm: 'blake3' })]), 'bad-resource'],
    ['shards said to be files', statement([resource('a', { algorithm: 'sha256-sharded-8' })]), 'bad-resource'],
  ])('with %s is refused', (_, value, code) => {
    expect(codeOf(value)).toBe(code);
  });
});

describe('a manifest of shards', () => {
  const shards = { method: 'shards', hash_type: 'sha256', shard_size: 8, allow_symlinks: false };

  it('is read, with a colon in the path and either name of the algorithm', () => {
    const manifest = read(
      statement([resource('w:1.bin:0:8'), resource('w:1.bin:8:11', { algorithm: 'sha256-sharded-8' })], shards),
    );
    expect(manifest).toMatchObject({ method: 'shards', shardSize: 8 });
    expect(manifest.resources[1]?.shard).toEqual({ path: 'w:1.bin', start: 8, end: 11 });
  });

  it.each([
    ['a gap', ['w:0:8', 'w:16:20']],
    ['an overlap', ['w:0:8', 'w:4:12']],
    ['no beginning', ['w:8:16']],
    ['a shard too long', ['w:0:9']],
    ['a short shard before the last', ['w:0:4', 'w:4:12']],
    ['no range', ['w']],
    ['an empty range', ['w:8:8']],
    ['a range past 2^53', ['w:0:9007199254740993']],
  ])('with %s is refused', (_, names) => {
    expect(
      codeOf(
        statement(
          names.map((name) => resource(name)),
          shards,
        ),
      ),
    ).toBe('bad-shards');
  });

  it('is refused where its path leads out of the model', () => {
    expect(codeOf(statement([resource('../w:0:8')], shards))).toBe('bad-resource');
    expect(codeOf(statement([resource('w:0:8')], { ...shards, shard_size: 0 }))).toBe('bad-serialization');
  });
});

describe('the digests of model_signing 0.2', () => {
  const subject = (name: string, annotations: object = { actual_hash_algorithm: 'file-sha256' }) => ({
    name,
    digest: { sha256: digestOf(name) },
    annotations,
  });
  const old = (subjects: readonly object[]) => ({
    _type: STATEMENT_V1,
    subject: subjects,
    predicateType: OMS_DIGESTS_V0_1,
    predicate: { unused: '' },
  });

  it('have no root of their own: one is computed, and marked as not stated', () => {
    expect(read(old([subject('a'), subject('b')]))).toMatchObject({
      name: '',
      root: rootOf([digestOf('a'), digestOf('b')]),
      rootStated: false,
      method: 'files',
    });
  });

  it('are refused for names out of the model, twice, or of another hash', () => {
    expect(codeOf(old([subject('../a')]))).toBe('bad-resource');
    expect(codeOf(old([subject('a'), subject('a')]))).toBe('duplicate-resource');
    expect(codeOf(old([subject('a', { actual_hash_algorithm: 'file-blake2' })]))).toBe('bad-subject');
  });
});

describe('real model signatures', () => {
  it.each(['model-actions-rekor-v1', 'model-gitlab-rekor-v2'])('of %s give the root that was signed', (name) => {
    const bundle = JSON.parse(readFileSync(`test/fixtures/bundles/${name}.sigstore.json`, 'utf8'));
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
    const manifest = readOmsManifest(parseStatement(payload));
    expect(manifest).toMatchObject({
      name: 'model',
      root: 'bbe60dfa51febd6dcd9d8ba3eb09e117bb49e03abf51b32fdbdf0e9f722afb92',
      rootOrder: 'both',
    });
    expect(manifest.resources.map((file) => file.name)).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  });
});

describe('hostile manifests', () => {
  it('never fail in another way', () => {
    const anything = fc.jsonValue();
    const predicate = fc.record({
      resources: fc.array(fc.oneof(anything, fc.record({ name: anything, algorithm: anything, digest: anything }))),
      serialization: fc.oneof(anything, fc.constant(files)),
    });
    fc.assert(
      fc.property(
        predicate,
        (value) => typeof codeOf({ ...statement([resource('a')]), predicate: value }) === 'string',
      ),
    );
  });
});
