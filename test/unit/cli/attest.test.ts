import { generateKeyPairSync, hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAttestation } from '#lib/attestation/read.ts';
import { mergeFields } from '#lib/cli/attest-fields.ts';
import { readFieldsFile } from '#lib/cli/attest-fields-file.ts';
import { readInputText } from '#lib/cli/attest-input.ts';
import { ciFields } from '#lib/cli/ci-environment.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const write = (name: string, content: string) => {
  writeFileSync(at(name), content);
  return at(name);
};
const model = at('model');
mkdirSync(model);
writeFileSync(join(model, 'weights.bin'), 'weights');
const data = at('data');
mkdirSync(data);
writeFileSync(join(data, 'rows.csv'), 'a,b');
const rootOf = (content: string) => hash('sha256', hash('sha256', content, 'buffer'));

const HEX = 'ab'.repeat(32);
const BUILDER = ['--builder', 'https://train.example'];
const attest = (...args: string[]) => runCli(['attest', model, ...args]);
const facts = (stdout: string) => readAttestation(parseStatement(Buffer.from(stdout.trimEnd())));

describe('attest', { timeout: 60_000 }, () => {
  it('states the nine fields over the OMS root', async () => {
    const { code, stdout } = await attest(
      '--print',
      ...BUILDER,
      ...['--repository', 'https://code.example/o/r', '--commit', 'C0'.repeat(20), '--pipeline-id', 'run-7'],
      ...['--dataset', `reviews=https://data.example/r@sha256:${HEX}`, '--dataset-path', `rows=${data}`],
      ...['--base-model', `base=sha256:${HEX}`, '--environment', 'gpu=none', '--parameter', 'lr=1e3'],
      ...['--evaluation', 'accuracy=0.9@reviews', '--started-at', '2026-06-01T12:00:00Z'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).subject).toEqual([{ name: 'model', digest: { sha256: rootOf('weights') } }]);
    expect(facts(stdout)).toMatchObject({
      commit: { value: 'c0'.repeat(20) },
      repository: { value: 'https://code.example/o/r' },
      invocation: { value: 'run-7' },
      inputs: [
        { role: 'code' },
        { role: 'dataset', name: 'reviews', uri: 'https://data.example/r', digests: [{ digest: HEX }] },
        { role: 'base-model', name: 'base', uri: null, digests: [{ digest: HEX }] },
        { role: 'dataset', name: 'rows', digests: [{ digest: rootOf('a,b') }] },
      ],
      environment: [{ label: 'gpu', value: 'none' }],
      evaluations: [{ name: 'accuracy', value: '0.9', on: 'reviews' }],
      startedAt: { time: Date.parse('2026-06-01T12:00:00Z') },
    });
  });

  it('signs what it states, says what came from where, and the signature verifies', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const pub = write('key.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const fields = write('fields.yaml', 'baseModels: none\nbuilder: https://other.example\n');
    const { code, stdout } = await attest('--key', key, '--fields', fields, ...BUILDER, '--json');
    expect(code).toBe(0);
    const output = at('model.provenance.sigstore.json');
    expect(JSON.parse(stdout)).toMatchObject({
      attestation: output,
      sources: { builder: 'flag', statesNoBase: 'file' },
    });
    expect((await runCli(['bundle', 'verify', output, '--key', pub])).code).toBe(0);
    expect(await attest('--key', key, ...BUILDER)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force'),
    });
  });

  it('refuses fields that cannot be read as they were meant', async () => {
    for (const args of [
      ['--dataset', 'd=https://x.example@sha256:12'],
      ['--dataset', 'sha256:12'],
      ['--commit', 'main'],
      ['--image', 'oci://x.example/y'],
      ['--environment', 'gpu'],
      ['--evaluation', 'accuracy'],
      ['--started-at', 'yesterday'],
      ['--no-base', '--base-model', 'b'],
      ['--training-log', at('none')],
      ['--dataset-path', `d=${at('none')}`],
    ]) {
      expect(await attest('--print', ...BUILDER, ...args)).toMatchObject({ code: 2, stdout: '' });
    }
    expect(await attest('--print')).toMatchObject({ code: 2, stderr: expect.stringContaining('--builder') });
  });
});

describe('a file of fields', () => {
  it('names the line of every key that is not known and every value that is not right', async () => {
    const file = write(
      'bad.yaml',
      'builder: https://b.example\ncomit: abc\ndatasets:\n  - name: d\n    digest: sha256:12\n',
    );
    const problems = await readFieldsFile(file).catch((error: Error) => error.message);
    expect(problems).toContain(`${file}:2:1 comit: is not a key that is known here`);
    expect(problems).toContain(`${file}:5:13 datasets[0].digest: is not sha256:`);
  });

  it('is read whole', async () => {
    const content = `datasets: [{ name: d, digest: "sha256:${HEX.toUpperCase()}" }]\nbaseModels: [{ path: ./base }]\nenvironment: { cuda: 12.4 }\nparameters: { lr: 0.1, seed: 7 }\nevaluations: [{ name: acc, value: 0.9 }]\nstartedAt: 2026-06-01T12:00:00Z\n`;
    expect(await readFieldsFile(write('good.yaml', content))).toEqual({
      inputs: [
        { role: 'dataset', name: 'd', uri: null, sha256: HEX, path: null },
        { role: 'base-model', name: null, uri: null, sha256: null, path: './base' },
      ],
      environment: { cuda: '12.4' },
      parameters: { lr: 0.1, seed: 7 },
      evaluations: [{ name: 'acc', value: '0.9', on: null }],
      startedAt: Date.parse('2026-06-01T12:00:00Z'),
    });
  });
});

describe('the environment of the CI', () => {
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://code.example',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_WORKFLOW_REF: 'o/r/.github/workflows/train.yml@refs/heads/main',
    RUNNER_OS: 'Linux',
  };

  it('of GitHub Actions states repository, commit, run and workflow as its certificates do', () => {
    expect(ciFields(github)).toEqual({
      repository: 'https://code.example/o/r',
      ref: 'refs/heads/main',
      commit: 'a'.repeat(40),
      entryPoint: '.github/workflows/train.yml',
      pipelineId: 'https://code.example/o/r/actions/runs/7/attempts/2',
      builder: 'https://code.example/o/r/.github/workflows/train.yml@refs/heads/main',
      environment: { 'runner os': 'Linux' },
    });
    expect(ciFields({})).toEqual({});
  });

  it('does not lend its commit to a repository that was named otherwise', () => {
    const { fields, sources } = mergeFields([
      ['flag', { repository: 'https://code.example/other' }],
      ['environment', ciFields(github)],
    ]);
    expect(fields).not.toHaveProperty('commit');
    expect(sources).toMatchObject({ repository: 'flag', builder: 'environment' });
  });
});

describe('an input as text', () => {
  it.each([
    ['d', { name: 'd', uri: null, sha256: null }],
    [`d=sha256:${HEX}`, { name: 'd', uri: null, sha256: HEX }],
    [`sha256:${HEX}`, { name: null, uri: null, sha256: HEX }],
    ['https://x.example/?a=b', { name: null, uri: 'https://x.example/?a=b', sha256: null }],
    [`d=hf://x/y@main@sha256:${HEX}`, { name: 'd', uri: 'hf://x/y@main', sha256: HEX }],
    ['d=sha256:12', null],
    ['d=https://x.example@sha256:12', null],
    [`@sha256:${HEX}`, null],
  ])('%s', (text, read) => {
    expect(readInputText(text)).toEqual(read);
  });
});
