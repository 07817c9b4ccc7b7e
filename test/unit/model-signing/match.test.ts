import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LocalFile, type MatchOptions, matchManifest } from '#lib/model-signing/match.ts';
import type { OmsResource } from '#lib/model-signing/resource.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const file = (name: string, content = name): OmsResource => ({ name, algorithm: 'sha256', digest: digestOf(content) });
const shard = (path: string, start: number, end: number, content = `${path}${start}`): OmsResource => ({
  name: `${path}:${start}:${end}`,
  algorithm: 'sha256-sharded-8',
  digest: digestOf(content),
  shard: { path, start, end },
});
const manifest = (
  resources: readonly OmsResource[],
  ignorePaths: readonly string[] = [],
  method: 'files' | 'shards' = 'files',
) => ({
  method,
  resources,
  ignorePaths,
});
const local = (...resources: readonly OmsResource[]) =>
  new Map(resources.map((r) => [r.name, { size: 1, digests: [r] }]));
const states = (...args: Parameters<typeof matchManifest>) => {
  const { matches, files } = matchManifest(...args);
  return { matches, ...Object.fromEntries(files.map(({ path, state }) => [path, state])) };
};

describe('a model held against its manifest', () => {
  it('matches where every signed file is there as signed', () => {
    expect(states(manifest([file('b'), file('a')]), local(file('a'), file('b')))).toEqual({
      matches: true,
      a: 'matches',
      b: 'matches',
    });
  });

  it('does not where a file differs, is missing, or is not signed', () => {
    const signed = manifest([file('a'), file('b'), file('c')]);
    expect(states(signed, local(file('a', 'changed'), file('c'), file('d')))).toEqual({
      matches: false,
      a: 'differs',
      b: 'missing',
      c: 'matches',
      d: 'extra',
    });
    expect(states(manifest([file('a')]), local(file('a'), file('d')), { allowExtra: true }).matches).toBe(true);
    expect(states(manifest([file('a')]), local(file('d')), { allowExtra: true }).matches).toBe(false);
  });

  it('may have other files where a rule leaves them out, and names the rule', () => {
    const files = local(file('a'), file('.git/HEAD'), file('logs/x'), file('own'), file('model.sig'));
    const options: MatchOptions = { operator: ['own'], signatureFile: 'model.sig' };
    expect(matchManifest(manifest([file('a')], ['logs']), files, options)).toEqual({
      matches: true,
      files: [
        { path: 'a', state: 'matches', rule: null },
        { path: '.git/HEAD', state: 'ignored', rule: { by: 'default', path: '.git' } },
        { path: 'logs/x', state: 'ignored', rule: { by: 'signer', path: 'logs' } },
        { path: 'own', state: 'ignored', rule: { by: 'operator', path: 'own' } },
        { path: 'model.sig', state: 'ignored', rule: { by: 'signature-file', path: 'model.sig' } },
      ],
    });
  });

  it('misses what was signed and is left out by a rule: nobody looked at it', () => {
    expect(matchManifest(manifest([file('a'), file('b')]), local(file('a'), file('b')), { operator: ['b'] })).toEqual({
      matches: false,
      files: [
        { path: 'a', state: 'matches', rule: null },
        { path: 'b', state: 'missing', rule: { by: 'operator', path: 'b' } },
      ],
    });
    expect(states(manifest([file('a')], ['.']), local(file('a'))).matches).toBe(false);
  });

  it('has the paths of Git checked where the signer signed one of them', () => {
    const signed = manifest([file('.gitattributes'), file('a')]);
    expect(states(signed, local(file('.gitattributes'), file('a'))).matches).toBe(true);
    expect(states(signed, local(file('.gitattributes'), file('a'), file('.git/x')))).toMatchObject({
      matches: false,
      '.git/x': 'extra',
    });
  });

  it('can be a single file, signed as "." or by its own name, and by no other', () => {
    const dot = { ...file('.', 'weights') };
    expect(states(manifest([file('.', 'weights')]), local(dot), { fileName: 'w.bin' }).matches).toBe(true);
    expect(states(manifest([file('w.bin', 'weights')]), local(dot), { fileName: 'w.bin' }).matches).toBe(true);
    expect(states(manifest([file('v.bin', 'weights')]), local(dot), { fileName: 'w.bin' })).toEqual({
      matches: false,
      'v.bin': 'missing',
      '.': 'extra',
    });
    const folder = manifest([file('w.bin', 'weights'), file('config.json')]);
    expect(states(folder, local(dot), { fileName: 'w.bin' })).toMatchObject({
      matches: false,
      'config.json': 'missing',
    });
  });

  it('is compared shard by shard, both spellings of the algorithm alike', () => {
    const signed = manifest([shard('w', 0, 8), { ...shard('w', 8, 12), algorithm: 'sha256' }], [], 'shards');
    const w = (...digests: readonly OmsResource[]): Map<string, LocalFile> => new Map([['w', { size: 12, digests }]]);
    expect(states(signed, w(shard('w', 8, 12), shard('w', 0, 8))).matches).toBe(true);
    expect(states(signed, w(shard('w', 0, 8))).matches).toBe(false);
    expect(states(signed, w(shard('w', 0, 8), shard('w', 8, 13))).matches).toBe(false);
    expect(states(signed, w(shard('w', 0, 8), shard('w', 8, 12), shard('w', 16, 17))).matches).toBe(false);
    expect(states(signed, w(shard('w', 0, 8), shard('w', 8, 12, 'other'))).matches).toBe(false);
    expect(states(signed, w())).toEqual({ matches: false, w: 'differs' });
  });

  it('may hold empty files beside shards, which never list them, but not beside whole files, which do', () => {
    const empty = new Map<string, LocalFile>([
      ['w', { size: 8, digests: [shard('w', 0, 8)] }],
      ['e', { size: 0, digests: [] }],
    ]);
    expect(states(manifest([shard('w', 0, 8)], [], 'shards'), empty)).toEqual({
      matches: true,
      w: 'matches',
      e: 'empty',
    });
    const whole = new Map<string, LocalFile>([
      ['w', { size: 1, digests: [file('w')] }],
      ['e', { size: 0, digests: [] }],
    ]);
    expect(states(manifest([file('w')]), whole)).toMatchObject({ matches: false, e: 'extra' });
  });

  it('matches exactly where the signed files are the files, for any sets of files', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f'), { maxLength: 5 });
    const content = fc.constantFrom('x', 'y');
    const model = fc.tuple(names, content);
    fc.assert(
      fc.property(model, model, ([signedNames, one], [localNames, other]) => {
        const { matches } = matchManifest(
          manifest(signedNames.map((name) => file(name, `${name}${one}`))),
          local(...localNames.map((name) => file(name, `${name}${other}`))),
        );
        const isSame =
          [...signedNames].sort().join() === [...localNames].sort().join() &&
          (one === other || signedNames.length === 0);
        expect(matches).toBe(isSame);
      }),
    );
  });
});
