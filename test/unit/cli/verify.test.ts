import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startOnce } from '#test/support/started-database.ts';
import { runCli } from './run-cli.ts';

let folder: string;
let model: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-verify-'));
  model = at('vision');
  mkdirSync(join(model, 'sub'), { recursive: true });
  writeFileSync(join(model, 'config.json'), '{}\n');
  writeFileSync(join(model, 'sub/weights.bin'), 'weights');
  for (const name of ['release', 'other']) {
    execFileSync(
      'openssl',
      ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at(`${name}.pem`)],
      {
        stdio: 'ignore',
      },
    );
    execFileSync('openssl', ['pkey', '-in', at(`${name}.pem`), '-pubout', '-out', at(`${name}.pub`)]);
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sign = async () => expect((await runCli(['sign', model, '--key', at('release.pem')])).code).toBe(0);
const byKey = ['--key', 'release.pub'];
const verify = (...args: string[]) => runCli(['verify', model, ...args], folder);

describe('modeltrail verify', { timeout: 60_000 }, () => {
  it('verifies a model with the signature in it, and exits 0', async () => {
    await sign();
    const { code, stdout } = await verify(...byKey);
    expect(code).toBe(0);
    expect(stdout).toContain(': verified');
    expect(stdout).toContain('2 files as signed');
  });

  it('names the file that was changed, the one that is gone and the one that nobody signed, and exits 1', async () => {
    await sign();
    writeFileSync(join(model, 'config.json'), '{ }\n');
    rmSync(join(model, 'sub/weights.bin'));
    writeFileSync(join(model, 'extra.bin'), '');
    const { code, stdout } = await verify(...byKey, '--json');
    expect(code).toBe(1);
    const { outcome, files } = JSON.parse(stdout) as { outcome: string; files: { path: string; state: string }[] };
    expect(outcome).toBe('refused');
    expect(Object.fromEntries(files.map(({ path, state }) => [path, state]))).toEqual({
      'config.json': 'differs',
      'sub/weights.bin': 'missing',
      'extra.bin': 'extra',
      'model.sig': 'ignored',
    });
  });

  it('takes files that nobody signed where it is told to', async () => {
    await sign();
    writeFileSync(join(model, 'notes.txt'), 'later');
    expect((await verify(...byKey)).code).toBe(1);
    expect((await verify(...byKey, '--ignore-unsigned-files')).code).toBe(0);
  });

  it('refuses a model that somebody else signed', async () => {
    await sign();
    const { code, stdout } = await verify('--key', at('other.pub'));
    expect(code).toBe(1);
    expect(stdout).toContain('refused');
    expect(stdout).toContain('not read');
  });

  it('has no answer where nobody is asked for, where there is no signature, and for options of the other way', async () => {
    await sign();
    expect((await verify()).stderr).toContain('Say who must have signed');
    expect((await verify(...byKey, '--require', 'signed')).stderr).toContain('--require is for asking');
    expect((await verify(...byKey, '--signature', at('none.sig'))).stderr).toContain('cannot be read');
    for (const args of [[], [...byKey, '--place', 'here'], [...byKey, '--signature', at('none.sig')]]) {
      expect((await verify(...args)).code).toBe(2);
    }
  });

  it('asks a database what files are, and fails while nobody signed them', async () => {
    const database = at('modeltrail.db');
    const trust = fileURLToPath(new URL('../../fixtures/rekor-index/trusted_root.json', import.meta.url));
    writeFileSync(
      at('modeltrail.yaml'),
      `organisation: { name: x, contact: a@models.example }\ntrust: { file: ${trust} }\n`,
    );
    await startOnce(database, at('modeltrail.yaml'), trust);
    const asked = ['--database', database, '--model', 'acme/vision', '--model-version', '1.0.0'];
    expect((await verify(...asked)).stderr).toContain('No model');
    const registered = ['register', model, '--model', 'acme/vision', '--label', '1.0.0', '--database', database];
    expect((await runCli(registered)).code).toBe(0);
    const unsigned = await verify(...asked);
    expect(unsigned.code).toBe(1);
    expect(unsigned.stdout).toContain('Not met: signed');
    const loose = await verify(...asked, '--require', 'expected', '--json');
    expect(loose.code).toBe(0);
    expect(JSON.parse(loose.stdout)).toMatchObject({ outcome: 'unsigned', unmet: [], receipt: { url: null } });
    writeFileSync(join(model, 'config.json'), '{"a":1}\n');
    const changed = await verify(...asked, '--require', 'expected');
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('differs: config.json');
    const list = at('SHA256SUMS');
    writeFileSync(list, `${createHash('sha256').update('{}\n').digest('hex')}  config.json\n`);
    const part = await runCli(['verify', '--list', list, '--database', database, '--require', 'signed']);
    expect(part.code).toBe(1);
    expect(part.stdout).toContain('part of it');
    expect((await runCli([...registered.slice(0, 5), '1.0.0', '--database', database])).stdout).toContain(
      'label-taken',
    );
  });
});

describe('modeltrail run', { timeout: 60_000 }, () => {
  const run = (...args: string[]) => runCli(['run', '--model-path', model, ...byKey, ...args], folder);

  it('starts the program where the model verifies, tells it the root, and ends as it ends', async () => {
    await sign();
    const script =
      'console.log(process.env.MODELTRAIL_VERIFIED_ROOT, process.argv.slice(1).join(" ")); process.exit(7)';
    const { code, stdout } = await run('--', process.execPath, '-e', script, 'a', '--key', 'its-own');
    expect(code).toBe(7);
    expect(stdout).toMatch(/[0-9a-f]{64} a --key its-own\n$/);
  });

  it('does not start the program where a file was changed', async () => {
    await sign();
    writeFileSync(join(model, 'config.json'), 'changed');
    const { code, stdout, stderr } = await run('--', process.execPath, '-e', 'console.log("started")');
    expect(code).toBe(1);
    expect(stdout).not.toContain('started');
    expect(stderr).toContain('is not started');
  });

  it('does not start the program where there is no answer', async () => {
    const { code, stdout } = await run('--', process.execPath, '-e', 'console.log("started")');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect((await run()).code).toBe(2);
    expect((await run('--', at('no-such-program'))).code).toBe(2);
  });
});
