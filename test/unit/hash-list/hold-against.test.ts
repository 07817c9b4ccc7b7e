import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HashList, ListedFile } from '#lib/hash-list/hash-list.ts';
import { holdAgainst, type KnownManifest } from '#lib/hash-list/hold-against.ts';
import { prefixesOf } from '#lib/hash-list/prefix.ts';
import { mintHex } from '#test/factories.ts';

const file = (path: string, content = path): ListedFile => ({
  path,
  size: content.length,
  digests: [{ name: path, algorithm: 'sha256', digest: mintHex(content) }],
});

const listOf = (files: readonly ListedFile[], leftOut: string[] = []): HashList => ({
  form: 'checksums',
  name: null,
  hashType: 'sha256',
  shardSize: null,
  files,
  leftOut,
  remarks: [],
});

const manifestOf = (paths: readonly string[], ignorePaths: string[] = []): KnownManifest => ({
  method: 'files',
  resources: paths.map((name) => ({ name, algorithm: 'sha256', digest: mintHex(name) })),
  ignorePaths,
});

const states = (list: HashList, manifest: KnownManifest, isSignature = (path: string) => path.endsWith('.sig')) =>
  Object.fromEntries(holdAgainst(list, manifest, { isSignature }).files.map(({ path, state }) => [path, state]));

const NAMES = ['config.json', 'sub/model.safetensors'];

describe('a list held against a version', () => {
  it('names the one file that differs, with both hashes', () => {
    const held = holdAgainst(listOf([file('config.json'), file('sub/model.safetensors', 'other')]), manifestOf(NAMES));
    expect(held.files[0]).toEqual({
      path: 'sub/model.safetensors',
      state: 'differs',
      listed: mintHex('sub/model.safetensors'),
      given: mintHex('other'),
      givenAs: null,
      rule: null,
    });
    expect(held.counts).toMatchObject({ differs: 1, matches: 1 });
  });

  it('tells renamed files from missing and extra ones, each taken once', () => {
    const list = listOf([
      file('config.json'),
      file('a.bin', 'sub/model.safetensors'),
      file('b.bin', 'sub/model.safetensors'),
    ]);
    const { files } = holdAgainst(list, manifestOf(NAMES));
    expect(files).toMatchObject([
      { path: 'sub/model.safetensors', state: 'renamed', givenAs: 'a.bin' },
      { path: 'b.bin', state: 'extra' },
      { path: 'config.json', state: 'matches' },
    ]);
  });

  it('passes over what a rule leaves out, and names the rule', () => {
    const list = listOf([...NAMES.map((name) => file(name)), file('.gitignore'), file('cache/x'), file('model.sig')]);
    const { files } = holdAgainst(list, manifestOf(NAMES, ['cache']), { isSignature: (path) => path === 'model.sig' });
    expect(files.filter(({ state }) => state === 'ignored')).toMatchObject([
      { path: '.gitignore', rule: { by: 'default', path: '.gitignore' } },
      { path: 'cache/x', rule: { by: 'signer', path: 'cache' } },
      { path: 'model.sig', rule: { by: 'signature-file', path: 'model.sig' } },
    ]);
  });

  it('does not call missing what the sender left out, nor matching what has no hash', () => {
    const list = listOf([{ path: 'config.json', size: 3, digests: [] }], ['sub']);
    expect(states(list, manifestOf(NAMES))).toEqual({
      'config.json': 'no-digest',
      'sub/model.safetensors': 'left-out',
    });
  });

  it('takes off the folder that stands before all paths, and no more than that', () => {
    const inside = NAMES.map((name) => file(`srv/granite/${name}`, name));
    const held = holdAgainst(listOf(inside), manifestOf(NAMES));
    expect(held).toMatchObject({ prefix: 'srv/granite', counts: { matches: 2, extra: 0 } });
    expect(prefixesOf(listOf(inside))).toEqual(['srv/granite', 'srv', '']);
    const nested = manifestOf(['sub/a', 'sub/b']);
    expect(holdAgainst(listOf([file('sub/a'), file('sub/b')]), nested).prefix).toBe('');
  });

  it('never lets a file beside the folder stand for one within', () => {
    const list = listOf([file('m/config.json', 'evil'), file('m/x.sig', 'x'), file('x.sig', 'config.json')]);
    const held = holdAgainst(list, manifestOf(['config.json', 'x.sig']), {
      prefix: 'm',
      isSignature: (path) => path.endsWith('.sig'),
    });
    expect(held.files).toMatchObject([
      { path: 'config.json', state: 'differs' },
      { path: 'x.sig', state: 'differs' },
      { path: '../x.sig', state: 'ignored' },
    ]);
  });

  it('knows a model of one file by its content, whatever the file is called', () => {
    expect(states(listOf([file('granite.gguf', 'x')]), manifestOf(['.']))).toEqual({ '.': 'differs' });
    expect(states(listOf([file('granite.gguf', '.')]), manifestOf(['.']))).toEqual({ '.': 'matches' });
    expect(states(listOf([file('.', 'granite.gguf')]), manifestOf(['granite.gguf']))).toEqual({
      'granite.gguf': 'matches',
    });
  });

  it('says of every listed file, and of every given one, exactly once what it is', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd/a', 'd/b', 'e/f/g');
    const given = fc.uniqueArray(fc.record({ name, content: name }), { selector: (one) => one.name, minLength: 1 });
    fc.assert(
      fc.property(given, fc.uniqueArray(name, { minLength: 1 }), (files, listed) => {
        const list = listOf(files.map((one) => file(one.name, one.content)));
        const held = holdAgainst(list, manifestOf(listed), { prefix: '' });
        const about = held.files.filter(({ state }) => state !== 'extra' && state !== 'ignored');
        expect(about.map(({ path }) => path).sort()).toEqual([...listed].sort());
        const placed = held.files.filter(({ state }) => state !== 'missing' && state !== 'left-out');
        expect(placed.map(({ path, givenAs }) => givenAs ?? path).sort()).toEqual(files.map((one) => one.name).sort());
        for (const { state, listed: known, given: found } of placed) {
          expect(state === 'matches' || state === 'renamed').toBe(known === found);
        }
      }),
    );
  });
});
