import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMANDS, nameOf } from '#lib/cli/command-table.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from '#test/unit/cli/run-cli.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string() })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        name: z.string().optional(),
        id: z.string().optional(),
        uses: z.string().optional(),
        shell: z.literal('bash').optional(),
        env: z.record(z.string(), z.string()).default({}),
        run: z.string().optional(),
      }),
    ),
  }),
});
const action = actionSchema.parse(
  parse(readFileSync(join(REPOSITORY, '.github/actions/sign-model/action.yml'), 'utf8')),
);
const scripts = action.runs.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

const folder = temporaryFolder();
afterAll(() => folder.remove());

let runs = 0;

/** A job with a model and a key, in a folder of its own. */
function mintJob() {
  const path = join(folder.path, `job-${++runs}`);
  mkdirSync(join(path, 'model'), { recursive: true });
  mkdirSync(join(path, 'tmp'));
  writeFileSync(join(path, 'model/weights.bin'), 'weights');
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(path, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(path, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  return { path, at: (name: string) => join(path, name) };
}

/** Runs one step as the runner does: expressions become variables, outputs are read from a file. */
async function runStep(name: string, job: string, values: Readonly<Record<string, string>>) {
  const step = action.runs.steps.find((one) => one.name === name);
  if (step?.run === undefined) throw new Error(`There is no step ${name}.`);
  const outputs = join(job, `output-${++runs}`);
  writeFileSync(outputs, '');
  const resolve = (expression: string) =>
    expression.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, key: string) =>
      key === 'github.action_path' ? join(REPOSITORY, '.github/actions/sign-model') : (values[key] ?? ''),
    );
  const variables = Object.fromEntries(Object.entries(step.env).map(([key, value]) => [key, resolve(value)]));
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    cwd: job,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      TMPDIR: join(job, 'tmp'),
      GITHUB_OUTPUT: outputs,
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://code.models.example',
      GITHUB_REPOSITORY: 'team/train',
      GITHUB_RUN_ID: '77',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_WORKFLOW_REF: 'team/train/.github/workflows/train.yml@refs/heads/main',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((done, reject) => child.once('error', reject).once('close', done));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const written = readFileSync(outputs, 'utf8').split('\n').filter(Boolean);
  return { code: await code, stdout, stderr, outputs: Object.fromEntries(written.map((line) => line.split('='))) };
}

describe('the action that signs models', { timeout: 60_000 }, () => {
  it('has no expression in a script, where a value could become shell', () => {
    expect(scripts).toHaveLength(5);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('hands every input to a step, and reads none that it does not have', () => {
    const used = action.runs.steps.flatMap(({ env }) =>
      Object.values(env).flatMap((value) => [...value.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name)),
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
  });

  it('uses only commands and options that there are', async () => {
    const listed = new Map(
      await Promise.all(
        COMMANDS.map(async ({ usage, load }) => {
          const names = (await load()).options.map(({ flags }) => flags.split(' ')[0]);
          return [nameOf(usage), new Set(names)] as const;
        }),
      ),
    );
    const commands = scripts.flatMap((script) =>
      [...script.matchAll(/\bmodeltrail (\w+) /g)].map(([, name = '']) => ({ name, script })),
    );
    expect(commands.map(({ name }) => name)).toEqual(['expect', 'sign', 'attest', 'register', 'ingest']);
    for (const { name, script } of commands) {
      const line = script.split('\n').find((one) => one.includes(`modeltrail ${name} `)) ?? '';
      const text = line.includes('options[@]') ? script : line;
      const flags = [...text.matchAll(/(--[a-z-]+)[=)]/g)].map(([, flag]) => flag);
      expect(flags.length).toBeGreaterThan(1);
      expect(flags.filter((flag) => !listed.get(name)?.has(flag))).toEqual([]);
    }
  });

  it('signs, and states the provenance of what it signed', async () => {
    const { path, at } = mintJob();
    const inputs = { 'inputs.path': 'model', 'inputs.name': '$(touch pwned)', 'inputs.key': 'key.pem' };
    const signed = await runStep('Sign', path, inputs);
    expect(signed).toMatchObject({ code: 0, stderr: '', outputs: { signature: 'model/model.sig' } });
    const root = signed.outputs.root ?? '';
    expect(root).toMatch(/^[0-9a-f]{64}$/);
    const attested = await runStep('State where it comes from', path, { ...inputs, 'steps.sign.outputs.root': root });
    expect(attested).toMatchObject({ code: 0, stderr: '' });
    const attestation = attested.outputs.attestation ?? '';
    const verified = await runCli(['verify', at('model'), '--key', at('key.pub'), '--attestation', attestation]);
    expect(verified).toMatchObject({ code: 0 });
    expect(existsSync(at('pwned'))).toBe(false);
  });

  it('does not attest a model that changed after it was signed', async () => {
    const { path, at } = mintJob();
    const inputs = { 'inputs.path': 'model', 'inputs.key': 'key.pem' };
    const signed = await runStep('Sign', path, inputs);
    writeFileSync(at('model/weights.bin'), 'others');
    const root = signed.outputs.root ?? '';
    const attested = await runStep('State where it comes from', path, { ...inputs, 'steps.sign.outputs.root': root });
    expect(attested).toMatchObject({ code: 1, outputs: {} });
    expect(attested.stderr).toContain('The model changed after it was signed.');
  });

  it.each(['', '--version', 'model\nroot=0'])('refuses the path %j', async (given) => {
    const { path } = mintJob();
    const signed = await runStep('Sign', path, { 'inputs.path': given, 'inputs.key': 'key.pem' });
    expect(signed).toMatchObject({ code: 2, outputs: {} });
  });

  it('declares the run that signs before it does, and nothing without a server', async () => {
    const { path, at } = mintJob();
    const server = await AnsweringServer.start();
    const declared = { id: 'exp_1', validFromAt: 0, validUntilAt: 1, uses: 2, used: 0, eventIds: [] };
    server.answer = () => ({ body: JSON.stringify(declared) });
    try {
      const inputs = { 'inputs.server': server.url, 'inputs.token': 'mtt_secret' };
      expect(await runStep('Declare', path, { ...inputs, 'inputs.expect': 'false' })).toMatchObject({ code: 0 });
      expect(server.paths()).toEqual([]);
      const { code, stdout, stderr } = await runStep('Declare', path, { ...inputs, 'inputs.expect': 'true' });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain('mtt_secret');
      expect(server.paths()).toEqual(['/api/v1/expected-signings']);
      expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
        run: 'https://code.models.example/team/train/actions/runs/77/attempts/2',
        uses: 2,
      });
      expect(readdirSync(at('tmp'))).toEqual([]);
      expect((await runStep('Declare', path, { 'inputs.expect': 'true' })).code).toBe(2);
    } finally {
      await server.stop();
    }
  });

  it('hands in with the token, keeps it out of output and arguments, and leaves no file of it', async () => {
    const { path, at } = mintJob();
    writeFileSync(at('a.sigstore.json'), '{}');
    const server = await AnsweringServer.start();
    const taken = { outcome: 'accepted', bundleId: 'bdl_1', isNew: true, code: null, reason: null, at: null };
    const model = { id: 'mdl_1', name: 'model', slug: 'model' };
    const version = { versionId: 'ver_1', label: '1.2.0', root: 'ab', fileCount: 1, registeredAt: 0, source: 'ci' };
    server.answer = ({ path: asked }) => ({
      body: JSON.stringify(
        asked.startsWith('/api/v1/models/') ? { outcome: 'registered', model, ...version } : { bundles: [taken] },
      ),
    });
    const values = {
      'inputs.path': 'model',
      'inputs.label': '1.2.0',
      'inputs.server': server.url,
      'inputs.token': 'mtt_secret',
      'steps.sign.outputs.signature': 'a.sigstore.json',
      'steps.attest.outputs.attestation': 'a.sigstore.json',
    };
    try {
      const { code, stdout, stderr } = await runStep('Hand in', path, values);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain('mtt_secret');
      expect(server.paths()).toEqual([
        '/api/v1/models/model/versions?label=1.2.0',
        '/api/v1/bundles',
        '/api/v1/bundles',
      ]);
      expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer mtt_secret'));
      server.answer = () => ({ status: 401, body: JSON.stringify({ code: 'unauthorised', detail: 'No.' }) });
      expect((await runStep('Hand in', path, values)).code).toBe(2);
      expect(readdirSync(at('tmp'))).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
