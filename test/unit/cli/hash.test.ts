import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readHashList } from '#lib/hash-list/read.ts';
import { rootsOfList } from '#lib/hash-list/roots-of-list.ts';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { runCli } from './run-cli.ts';

let folder = '';
let model = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-cli-hash-'));
  model = join(folder, 'model');
  mkdirSync(join(model, 'sub'), { recursive: true });
  writeFileSync(join(model, 'weights.bin'), 'weights');
  writeFileSync(join(model, 'sub/config.json'), '{}');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const WEIGHTS = createHash('sha256').update('weights').digest('hex');
/** The names that lists of checksums have trouble with. */
const ODD = [
  'with space',
  ' leading',
  '-dash',
  '-',
  'back\\slash',
  'new\nline',
  'carriage\rreturn',
  'ünï',
  '*star',
  '#hash',
];

describe('modeltrail hash', { timeout: 60_000 }, () => {
  it.each([
    ['sha256', 'sha256sum', []],
    ['sha256', 'sha256sum', ['--tag']],
    ['blake2b', 'b2sum', []],
    ['blake2b', 'b2sum', ['--tag']],
  ])('writes lines of %s that %s itself finds right, whatever files are called %j', async (hashType, tool, options) => {
    for (const name of ODD) writeFileSync(join(model, name), `content of ${name}`);
    const list = join(folder, 'list');
    const args = ['hash', model, '--hash-type', hashType, '--output', list, ...options];
    expect(await runCli(args)).toMatchObject({ code: 0, stdout: '' });
    const checked = spawnSync(tool, ['--check', '--strict', list], { cwd: model, encoding: 'utf8' });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(checked.stdout.split('\n')).toHaveLength(ODD.length + 2 + 1);
    writeFileSync(join(model, 'new\nline'), 'other');
    expect(spawnSync(tool, ['--check', list], { cwd: model }).status).toBe(1);
  });

  it('writes to a pipe what sha256sum would, and says the rest beside it', async () => {
    const { code, stdout, stderr } = await runCli(['hash', model]);
    expect(code).toBe(0);
    const own = spawnSync('sha256sum', ['sub/config.json', 'weights.bin'], { cwd: model, encoding: 'utf8' });
    expect(stdout).toBe(own.stdout);
    expect(stderr).toContain('2 files, 9 B, sha256');
    expect(stderr).toMatch(/^OMS root: [0-9a-f]{64}$/m);
    expect(stderr).toMatch(/^Manifest id: [0-9a-f]{64}$/m);
  });

  it('names files by what was typed, where that is one file or more than one', async () => {
    const own = spawnSync('sha256sum', ['model/sub/config.json', 'model/weights.bin', 'model/weights.bin'], {
      cwd: folder,
    });
    expect((await runCli(['hash', 'model', 'model/weights.bin'], folder)).stdout).toBe(own.stdout.toString());
    expect((await runCli(['hash', 'model/weights.bin'], folder)).stdout).toBe(`${WEIGHTS}  model/weights.bin\n`);
  });

  it('writes the statement that is signed, with its root', async () => {
    const args = ['--shard-size', '4', '--hash-type', 'blake3', '--ignore', join(model, 'sub')];
    const { stdout } = await runCli(['hash', model, '--format', 'oms', ...args]);
    const manifest = readOmsManifest(parseStatement(Buffer.from(stdout.trimEnd())));
    expect(manifest).toMatchObject({ name: 'model', method: 'shards', hashType: 'blake3', shardSize: 4 });
    expect(manifest.resources.map(({ name }) => name)).toEqual(['weights.bin:0:4', 'weights.bin:4:7']);
    expect(manifest.ignorePaths).toEqual(['sub', '.git', '.gitattributes', '.github', '.gitignore']);
    const root = await runCli(['hash', model, '--root', ...args]);
    expect(root.stdout).toMatch(new RegExp(`^OMS root +${manifest.root}$`, 'm'));
  });

  it('writes the list that a server takes, which says the same as the model', async () => {
    mkdirSync(join(model, '.git'));
    const { stdout } = await runCli(['hash', model, '--format', 'json']);
    const list = readHashList(Buffer.from(stdout));
    expect(list).toMatchObject({ form: 'modeltrail', name: 'model', hashType: 'sha256', leftOut: ['.git'] });
    expect(list.files.map(({ path, size }) => [path, size])).toEqual([
      ['sub/config.json', 2],
      ['weights.bin', 7],
    ]);
    const { stdout: root } = await runCli(['hash', model, '--root']);
    expect(root).toContain(rootsOfList(list)?.python);
    expect(root).toContain(rootsOfList(list)?.manifestId);
  });

  it('prints both roots where the two orders of files give two', async () => {
    writeFileSync(join(model, 'sub.txt'), 'x');
    const { stdout } = await runCli(['hash', model, '--root']);
    expect(stdout).toMatch(/^OMS root as model_signing orders files +[0-9a-f]{64}$/m);
    expect(stdout).toMatch(/^OMS root as the specification orders them +[0-9a-f]{64}$/m);
  });

  it('says everything in one JSON object', async () => {
    mkdirSync(join(model, '.git'));
    const { code, stdout, stderr } = await runCli(['hash', model, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      models: [
        {
          name: 'model',
          hashType: 'sha256',
          shardSize: null,
          files: 2,
          bytes: 9,
          leftOut: [{ path: '.git', by: 'default' }],
          resources: [{ name: 'sub/config.json' }, { name: 'weights.bin', algorithm: 'sha256', digest: WEIGHTS }],
        },
      ],
    });
  });

  it('leaves its own list out of the model, and no other file behind', async () => {
    const list = join(model, 'SHA256SUMS');
    await runCli(['hash', model, '--output', list]);
    const first = readFileSync(list, 'utf8');
    await runCli(['hash', model, '--output', list]);
    expect(readFileSync(list, 'utf8')).toBe(first);
    expect(readdirSync(model).sort()).toEqual(['SHA256SUMS', 'sub', 'weights.bin']);
  });

  it('keeps no digests in the cache of what was changed this very moment', async () => {
    const cache = join(folder, 'cache');
    const run = async () => JSON.parse((await runCli(['hash', model, '--json', '--cache', cache])).stdout).models[0];
    expect(await run()).toMatchObject({ bytes: 9, hashedBytes: 9 });
    expect(await run()).toMatchObject({ bytes: 9, hashedBytes: 9 });
  });

  it.each([
    [[], 'Name the model to hash'],
    [['MODEL', '--format', 'xml'], 'There is no format xml. Choose checksums, json, oms.'],
    [['MODEL', '--hash-type', 'md5'], 'There is no hash type md5. Choose sha256, blake2b or blake3.'],
    [['MODEL', '--json', '--shard-size', '0'], '--shard-size 0 is no whole number'],
    [['MODEL', '--shard-size', '10'], 'Lines of checksums cannot say shards'],
    [['MODEL', '--workers', '1e3'], '--workers 1e3 is no whole number from 1 to 64'],
    [['MODEL', '--cache', 'MODEL/cache'], 'lies in the model'],
    [['MODEL', '--tag', '--format', 'oms'], '--tag is a form of checksums'],
    [['MODEL', '--root', '--json'], '--root prints the root alone'],
    [['MODEL', 'MODEL', '--format', 'oms'], 'is of one model'],
    [['MODEL/nothing'], 'cannot be read'],
    [['MODEL/bare'], 'has no file to hash. Is it the right folder?'],
    [['MODEL', '--output', 'MODEL/no/list'], 'cannot be written'],
  ])('refuses %j with a reason', async (args, message) => {
    mkdirSync(join(model, 'bare'));
    const { code, stdout, stderr } = await runCli(['hash', ...args.map((arg) => arg.replace('MODEL', model))]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('refuses links unless they are allowed', async () => {
    symlinkSync('weights.bin', join(model, 'link'));
    const { code, stderr } = await runCli(['hash', model]);
    expect(code).toBe(2);
    expect(stderr).toContain('"link" is a symbolic link');
    expect((await runCli(['hash', model, '--allow-symlinks'])).stdout).toContain(`${WEIGHTS}  link\n`);
  });

  it.each(['json', 'oms'])('writes no %s that nobody would read again', async (format) => {
    writeFileSync(join(model, 'back\\slash'), 'x');
    const { code, stdout, stderr } = await runCli(['hash', model, '--format', format]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('a backslash leads elsewhere on some systems');
    expect(stderr).not.toContain('    at ');
  });

  it('hashes the files of Git where that is asked for', async () => {
    writeFileSync(join(model, '.gitignore'), 'x');
    expect((await runCli(['hash', model])).stdout).not.toContain('.gitignore');
    expect((await runCli(['hash', model, '--no-ignore-git-paths'])).stdout).toContain('  .gitignore\n');
  });
});
