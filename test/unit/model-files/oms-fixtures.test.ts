import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { matchModelFiles } from '#lib/model-files/match-files.ts';
import { ignoreRulesOf } from '#lib/model-signing/match.ts';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { type OperatorTrust, parseTrustedAuthority, parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { publicGoodSeed } from '#lib/sigstore/tuf-seed.ts';
import { verifyAnyBundle } from '#lib/sigstore/verify-any.ts';

interface FixtureCase {
  readonly name: string;
  readonly model: string;
  readonly method: 'key' | 'certificate';
}

/** Made by model_signing 1.1.1 (test/support/make-oms-fixtures.py). */
const fixtures = fileURLToPath(new URL('../../fixtures/oms', import.meta.url));
const text = (name: string) => readFileSync(join(fixtures, name), 'utf8');
const cases = JSON.parse(text('cases.json')) as readonly FixtureCase[];
const trust: OperatorTrust = {
  keys: ['p256', 'p384', 'p521'].map((name) => parseTrustedKey(name, text(`${name}.pub`))),
  authorities: [parseTrustedAuthority('models root', text('root.pem'))],
};
const root = parseTrustedRoot(publicGoodSeed());
const seenAt = Date.parse('2026-11-23T00:00:00Z');

/** A copy, so that the files can be changed. */
const copies = mkdtempSync(join(tmpdir(), 'modeltrail-oms-fixtures-'));
afterAll(() => rmSync(copies, { recursive: true }));
let count = 0;
function copyOf(model: string): string {
  const folder = join(copies, String(count++));
  cpSync(join(fixtures, 'models'), folder, { recursive: true, verbatimSymlinks: true });
  return join(folder, model);
}

function readCase(name: string) {
  const parsed = readBundle(readFileSync(join(fixtures, `${name}.sig`)));
  const verdict = verifyAnyBundle(parsed, root, trust, { now: seenAt, seenAt });
  if (!parsed.payload) throw new Error('no payload');
  return { verdict, manifest: readOmsManifest(parseStatement(parsed.payload)) };
}

describe.each(cases)('the $name bundle of model_signing 1.1.1', ({ name, model, method }) => {
  it('verifies, and its model is as signed', async () => {
    const { verdict, manifest } = readCase(name);
    expect(verdict).toMatchObject({ logged: false, outcome: 'verified', method, signedAt: null });
    const { matches, files } = await matchModelFiles(join(fixtures, 'models', model), manifest);
    expect(files.filter(({ state }) => state !== 'matches' && state !== 'ignored' && state !== 'empty')).toEqual([]);
    expect(matches).toBe(true);
    expect(files.filter(({ state }) => state === 'matches').length).toBeGreaterThan(0);
  });

  it('has the resources that are hashed here, in the same order', async () => {
    const { manifest } = readCase(name);
    const { hashType, shardSize, allowSymlinks, resources } = manifest;
    const rules = ignoreRulesOf(manifest);
    const own = await readModelFiles(join(fixtures, 'models', model), { rules, hashType, shardSize, allowSymlinks });
    expect(own.resources).toEqual(resources);
  });

  it('does not match once a byte of a signed file is another', async () => {
    const { manifest } = readCase(name);
    const copy = copyOf(model);
    const path = manifest.resources.some((resource) => resource.name === '.') ? copy : join(copy, 'weights.bin');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(path, bytes);
    const { matches, files } = await matchModelFiles(copy, manifest);
    expect(matches).toBe(false);
    expect(files.filter(({ state }) => state === 'differs').length).toBeGreaterThan(0);
  });
});

describe('a model held against the bundle of model_signing 1.1.1', () => {
  it('does not match with a file more, less, or longer', async () => {
    const { manifest } = readCase('shards');
    const copy = copyOf('folder');
    const state = async (path: string) =>
      (await matchModelFiles(copy, manifest)).files.find((file) => file.path === path)?.state;
    writeFileSync(join(copy, 'weights.bin'), Buffer.concat([readFileSync(join(copy, 'weights.bin')), Buffer.of(0)]));
    expect(await state('weights.bin')).toBe('differs');
    writeFileSync(join(copy, 'weights.bin'), '');
    expect(await state('weights.bin')).toBe('differs');
    rmSync(join(copy, 'weights.bin'));
    expect(await state('weights.bin')).toBe('missing');
    writeFileSync(join(copy, 'more'), 'x');
    expect(await state('more')).toBe('extra');
    expect(await state('empty.bin')).toBe('empty');
  });

  it('may change under the paths that the signer left out, and says which', async () => {
    const { manifest } = readCase('ignore');
    const copy = copyOf('folder');
    writeFileSync(join(copy, 'logs/more.txt'), 'x');
    const { matches, files } = await matchModelFiles(copy, manifest);
    expect(matches).toBe(true);
    expect(files.find(({ path }) => path === 'logs')).toEqual({
      path: 'logs',
      state: 'ignored',
      rule: { by: 'signer', path: 'logs' },
    });
  });

  it('refuses links that the signer did not allow', async () => {
    const { manifest } = readCase('files-p256');
    const copy = copyOf('folder');
    symlinkSync('weights.bin', join(copy, 'link'));
    await expect(matchModelFiles(copy, manifest)).rejects.toMatchObject({ code: 'symlink' });
  });

  it('hashes what was signed and nothing else', async () => {
    const { manifest } = readCase('files-p256');
    const copy = copyOf('folder');
    writeFileSync(join(copy, 'large'), Buffer.alloc(100_000));
    let hashed = 0;
    const onProgress = (bytes: number) => {
      hashed += bytes;
    };
    expect((await matchModelFiles(copy, manifest, { allowExtra: true, onProgress })).matches).toBe(true);
    expect(hashed).toBeLessThan(2000);
  });
});
