import { generateKeyPairSync, hash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAttestation } from '#lib/attestation/read.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const model = at('model');
mkdirSync(model);
writeFileSync(join(model, 'weights.bin'), 'weights');
const ROOT = hash('sha256', hash('sha256', 'weights', 'buffer'));
const OTHER = 'ab'.repeat(32);

describe('retract', { timeout: 60_000 }, () => {
  it('states the reason over the root that sign signs, and what to use instead', async () => {
    const { code, stdout } = await runCli([
      'retract',
      model,
      '--reason',
      'Leaks training data',
      '--replacement',
      `sha256:${OTHER}`,
      '--print',
    ]);
    expect(code).toBe(0);
    const statement = parseStatement(Buffer.from(stdout.trimEnd()));
    expect(statement.subjects).toMatchObject([{ name: 'model', digests: [{ algorithm: 'sha256', digest: ROOT }] }]);
    expect(readAttestation(statement).retraction).toEqual({
      reason: 'Leaks training data',
      replacement: { algorithm: 'sha256', digest: OTHER },
    });
  });

  it('signs with a key, and the signature verifies', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(at('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(at('key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    const { code, stdout } = await runCli(['retract', model, '--reason', 'Poisoned', '--key', at('key.pem'), '--json']);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { root: ROOT, logged: false }]);
    const bundle = at('model.retraction.sigstore.json');
    expect(readFileSync(bundle, 'utf8')).toContain('dsseEnvelope');
    const verified = await runCli(['bundle', 'verify', bundle, '--key', at('key.pub')]);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('Poisoned') });
  });

  it('takes a root in place of the files', async () => {
    const { stdout } = await runCli(['retract', '--root', OTHER, '--name', 'granite', '--reason', 'x', '--print']);
    expect(JSON.parse(stdout).subject).toEqual([{ name: 'granite', digest: { sha256: OTHER } }]);
  });

  it.each([
    [[model], 'Say why it is withdrawn'],
    [['--reason', 'x'], 'Name one model'],
    [[model, '--root', OTHER, '--reason', 'x'], 'Name one model'],
    [['--root', 'sha256:12', '--reason', 'x'], 'no OMS root'],
    [['--root', OTHER, '--replacement', OTHER, '--reason', 'x', '--print'], 'the version that is withdrawn itself'],
  ] as const)('refuses %j', async (args, message) => {
    expect(await runCli(['retract', ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
