import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { MintedAuthority, SIGNER_EXTENSIONS } from '#test/unit/sigstore/mint-oms.ts';
import { email, extension, sequence } from '#test/unit/watch/der-builder.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);

function write(name: string, content: string): string {
  writeFileSync(at(name), content);
  return at(name);
}

let models = 0;
function mintModel(): string {
  const path = at(`model-${++models}`);
  mkdirSync(join(path, 'sub'), { recursive: true });
  writeFileSync(join(path, 'config.json'), '{}');
  writeFileSync(join(path, 'sub/weights.bin'), 'weights');
  return path;
}

function mintKey(namedCurve: string, passphrase?: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const how = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return {
    key: write(
      `${namedCurve}-${passphrase ?? 'plain'}.pem`,
      privateKey.export({ type: 'pkcs8', format: 'pem', ...how }).toString(),
    ),
    pub: write(
      `${namedCurve}-${passphrase ?? 'plain'}.pub`,
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ),
  };
}
const { key, pub } = mintKey('P-256');
const sign = (...args: string[]) => runCli(['sign', ...args]);
const verify = async (signature: string, ...args: string[]) =>
  (await runCli(['bundle', 'verify', signature, '--json', ...args])).code;
const payloadOf = (signature: string) =>
  JSON.parse(Buffer.from(JSON.parse(readFileSync(signature, 'utf8')).dsseEnvelope.payload, 'base64').toString());

describe('sign', { timeout: 60_000 }, () => {
  it.each(['P-256', 'P-384', 'P-521'])('with a key on %s makes what that key verifies, and no other', async (curve) => {
    const pair = mintKey(curve);
    const model = mintModel();
    const { code, stdout, stderr } = await sign(model, '--key', pair.key, '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const signature = join(model, 'model.sig');
    expect(JSON.parse(stdout)).toMatchObject({ signature, files: 2, logged: false, signedAt: null });
    expect(await verify(signature, '--key', pair.pub)).toBe(0);
    expect(await verify(signature, '--key', mintKey('P-256', 'other').pub)).toBe(1);
  });

  it('leaves the signature out of what it signs, and says so in the manifest', async () => {
    const model = mintModel();
    await sign(model, '--key', key);
    const { predicate } = payloadOf(join(model, 'model.sig'));
    expect(predicate.resources.map(({ name }: { name: string }) => name)).toEqual(['config.json', 'sub/weights.bin']);
    expect(predicate.serialization.ignore_paths).toContain('model.sig');
    const again = await sign(model, '--key', key, '--force', '--json');
    expect(JSON.parse(again.stdout).root).toBe(payloadOf(join(model, 'model.sig')).subject[0].digest.sha256);
  });

  it('overwrites no signature unasked', async () => {
    const model = mintModel();
    const signature = join(model, 'model.sig');
    writeFileSync(signature, 'precious');
    expect(await sign(model, '--key', key)).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(readFileSync(signature, 'utf8')).toBe('precious');
  });

  it('opens a key with its passphrase, and says what an encrypted one lacks', async () => {
    const pair = mintKey('P-256', 'hunter2');
    const wrong = await sign(mintModel(), '--key', pair.key);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--key-passphrase-file') });
    const bad = await sign(mintModel(), '--key', pair.key, '--key-passphrase-file', write('bad', 'hunter3\n'));
    expect(bad).toMatchObject({ code: 2, stderr: expect.not.stringContaining('hunter3') });
    const passphrase = write('passphrase', 'hunter2\n');
    const model = mintModel();
    expect(await sign(model, '--key', pair.key, '--key-passphrase-file', passphrase)).toMatchObject({ code: 0 });
    expect(await verify(join(model, 'model.sig'), '--key', pair.pub)).toBe(0);
  });

  it('with a certificate makes what its authority verifies', async () => {
    const authority = new MintedAuthority();
    const day = 86_400_000;
    const named = extension('2.5.29.17', sequence(email('release-bot@models.example')));
    const valid = { from: Date.now() - day, to: Date.now() + day, extensions: [...SIGNER_EXTENSIONS, named] };
    const signer = authority.signer(valid);
    if (signer.method !== 'certificate') throw new Error('no certificate was minted');
    const own = write('own.pem', signer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const certificate = write('own.crt', signer.certificate.toString());
    const ca = write('ca.crt', authority.root.certificate.toString());
    const model = mintModel();
    const between = write('between.crt', signer.chain.map(String).join(''));
    const args = ['--certificate', certificate, '--certificate-chain', between, '--certificate-chain', ca];
    expect(await sign(model, '--key', own, ...args)).toMatchObject({ code: 0, stderr: '' });
    expect(await verify(join(model, 'model.sig'), '--authority', ca, '--identity', 'release-bot@models.example')).toBe(
      0,
    );
    const other = mintModel();
    expect(await sign(other, '--key', key, ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not of the private key'),
    });
    expect(existsSync(join(other, 'model.sig'))).toBe(false);
  });

  it('signs no link unasked, and no options that do not go together', async () => {
    const model = mintModel();
    symlinkSync('config.json', join(model, 'link'));
    expect(await sign(model, '--key', key)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('symbolic link'),
    });
    expect(await sign(model, '--key', key, '--allow-symlinks')).toMatchObject({ code: 0 });
    for (const args of [
      ['--certificate', pub],
      ['--key', key, '--fulcio-url', 'https://f.example'],
      ['--key', key, '--interactive'],
      ['--rekor-version', '2'],
      ['--key', key, '--server', 'https://m.example'],
      ['--key', pub],
      ['--key', key, '--hash-type', 'blake3', '--shard-size', '1000'],
    ]) {
      expect(await sign(mintModel(), ...args)).toMatchObject({ code: 2, stdout: '' });
    }
  });

  it('writes nothing where a service fails, names it, and repeats no token', async () => {
    const server = await AnsweringServer.start();
    try {
      const claims = { iss: 'https://i.example', sub: 'x', aud: 'sigstore', exp: Math.trunc(Date.now() / 1000) + 600 };
      const jwt = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.hunter2`;
      const token = write('token', jwt);
      const services = ['--fulcio-url', server.url, '--rekor-url', server.url, '--tsa-url', server.url];
      const model = mintModel();
      for (const answer of [
        { status: 400, body: JSON.stringify({ message: `bad ${jwt}` }) },
        { body: '{"signedCertificateEmbeddedSct":{"chain":{"certificates":["x"]}}}' },
        { body: '<html>' },
        { status: 302, headers: { location: 'https://elsewhere.example/' } },
        { body: 'x'.repeat(5 * 1024 * 1024) },
      ]) {
        server.answer = () => answer;
        const { code, stderr } = await sign(model, '--identity-token-file', token, ...services);
        expect(code).toBe(2);
        expect(stderr).toContain('The certificate authority');
        expect(stderr).not.toContain('hunter2');
      }
      expect(existsSync(join(model, 'model.sig'))).toBe(false);
    } finally {
      await server.stop();
    }
  });
});
