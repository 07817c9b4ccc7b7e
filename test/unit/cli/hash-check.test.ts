import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from './run-cli.ts';

let folder = '';
let model = '';
let list = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-cli-check-'));
  model = join(folder, 'model');
  list = join(folder, 'list');
  mkdirSync(join(model, 'sub'), { recursive: true });
  writeFileSync(join(model, 'weights.bin'), 'weights');
  writeFileSync(join(model, 'empty'), '');
  writeFileSync(join(model, 'sub/config.json'), '{}');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const makeList = (...options: string[]) => runCli(['hash', model, '--output', list, ...options]);
const check = (...options: string[]) => runCli(['hash', '--check', list, model, ...options]);

describe('modeltrail hash --check', { timeout: 60_000 }, () => {
  it.each([
    [[]],
    [['--tag', '--hash-type', 'blake2b']],
    [['--tag', '--hash-type', 'blake3']],
    [['--format', 'json']],
    [['--format', 'json', '--shard-size', '3', '--hash-type', 'blake3']],
    [['--format', 'oms']],
    [['--format', 'oms', '--shard-size', '3']],
  ])('finds the model as listed with %j, and names each kind of difference', async (options) => {
    await makeList(...options);
    const good = await check();
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toMatch(/3 paths: .*3 as listed|2 as listed, 1 empty/);
    writeFileSync(join(model, 'weights.bin'), 'Weights');
    rmSync(join(model, 'sub/config.json'));
    writeFileSync(join(model, 'extra'), 'x');
    const bad = await check();
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('differs: weights.bin\n');
    expect(bad.stdout).toContain('missing: sub/config.json\n');
    expect(bad.stdout).toContain('not listed: extra\n');
    expect(bad.stdout).not.toContain(': empty\n');
  });

  it('takes the list of sha256sum itself, from the folder it is about', async () => {
    const own = spawnSync('sha256sum', ['./weights.bin', 'sub/config.json', 'empty'], { cwd: model });
    list = join(model, 'SHA256SUMS');
    writeFileSync(list, own.stdout);
    expect(await check()).toMatchObject({ code: 0 });
    truncateSync(join(model, 'weights.bin'), 3);
    expect(await check()).toMatchObject({ code: 1 });
  });

  it('says what may be wrong where no name of the list is found', async () => {
    writeFileSync(list, spawnSync('sha256sum', ['model/weights.bin'], { cwd: folder }).stdout);
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toContain("Names in a list start at the model's folder, without its own name.");
  });

  it('takes lines of BLAKE3 where that is said, for they look like SHA-256', async () => {
    await makeList('--hash-type', 'blake3');
    expect(await check('--hash-type', 'blake3')).toMatchObject({ code: 0 });
    expect(await check()).toMatchObject({ code: 1 });
  });

  it('holds a model of one file against its line', async () => {
    const file = join(model, 'weights.bin');
    writeFileSync(list, spawnSync('sha256sum', ['weights.bin'], { cwd: model }).stdout);
    expect(await runCli(['hash', '--check', list, file])).toMatchObject({ code: 0 });
    writeFileSync(file, 'other');
    expect(await runCli(['hash', '--check', list, file])).toMatchObject({ code: 1 });
  });

  it('takes a model signature as a list', async () => {
    const fixtures = fileURLToPath(new URL('../../fixtures/oms/', import.meta.url));
    const bundle = join(fixtures, 'shards.sig');
    expect(await runCli(['hash', '--check', bundle, join(fixtures, 'models/folder')])).toMatchObject({ code: 0 });
  });

  it('does not call good what nobody can compare', async () => {
    const files = [{ path: 'weights.bin', size: 7, digest: null }];
    writeFileSync(
      list,
      JSON.stringify({
        format: 'modeltrail.manifest/v1',
        name: null,
        hashType: 'sha256',
        leftOut: ['empty', 'sub'],
        files,
      }),
    );
    const { code, stdout } = await check();
    expect(code).toBe(1);
    expect(stdout).toContain('listed without a digest: weights.bin\n');
    rmSync(join(model, 'weights.bin'));
    expect((await check()).stdout).toContain('missing: weights.bin\n');
  });

  it('prints one JSON object', async () => {
    await makeList();
    rmSync(join(model, 'empty'));
    const { code, stdout } = await check('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      list,
      path: model,
      matches: false,
      files: [
        { path: 'empty', state: 'missing' },
        { path: 'sub/config.json', state: 'matches' },
        { path: 'weights.bin', state: 'matches' },
      ],
    });
  });

  it.each([
    [['--format', 'json'], '--format has no part in --check'],
    [['--root'], '--root has no part in --check'],
    [['--no-ignore-git-paths'], '--no-ignore-git-paths has no part in --check'],
    [['--hash-type', 'blake2b'], 'not of blake2b'],
    [['another'], 'holds one model against the list'],
  ])('refuses %j with a reason', async (options, message) => {
    await makeList('--format', 'json');
    const { code, stdout, stderr } = await check(...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('refuses a list that it cannot read to the end', async () => {
    writeFileSync(list, `${'a'.repeat(64)}  weights.bin\nrubbish\n`);
    const { code, stderr } = await check();
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be used: line 2 is not a line of sha256sum');
    expect(stderr).not.toContain('    at ');
  });
});
