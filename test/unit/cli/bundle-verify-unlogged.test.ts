import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { signModel } from '#lib/sigstore/sign-model.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { MintedAuthority, mintStatement, SIGNER_EXTENSIONS } from '#test/unit/sigstore/mint-oms.ts';
import { email, extension, fulcio, sequence } from '#test/unit/watch/der-builder.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const OMS = new URL('../../fixtures/oms/', import.meta.url).pathname;
const oms = (name: string) => join(OMS, name);
const KEY_BUNDLE = oms('files-p256.sig');

const DAY = 86_400_000;
const BOT = 'release-bot@models.example';
const IDP = 'https://accounts.models.example';
const own = new MintedAuthority();
const other = new MintedAuthority();
const valid = { from: Date.now() - DAY, to: Date.now() + DAY };
const named = extension('2.5.29.17', sequence(email(BOT)));
// An authority of one's own can write what it likes, an issuer of Fulcio's kind as well.
const withIssuer = [...SIGNER_EXTENSIONS, named, fulcio(8, IDP)];

function write(name: string, content: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

const authority = write('ca.pem', own.root.certificate.toString());
const otherAuthority = write('other.pem', other.root.certificate.toString());
const bundle = write('bot.sig', signModel(mintStatement(), own.signer({ ...valid, extensions: withIssuer })));
const expired = write(
  'old.sig',
  signModel(mintStatement(), own.signer({ from: Date.now() - 2 * DAY, to: Date.now() - DAY })),
);

async function verify(...args: string[]) {
  const run = await runCli(['bundle', 'verify', ...args, '--json']);
  return { ...run, report: run.stdout === '' ? null : JSON.parse(run.stdout) };
}

describe('bundle verify of what no log has', { timeout: 60_000 }, () => {
  it('verifies with the key that is given, and says that nothing shows when it was signed', async () => {
    const { code, report } = await verify(KEY_BUNDLE, '--key', oms('p256.pub'));
    expect(code).toBe(0);
    expect(report).toMatchObject({
      outcome: 'verified',
      identity: 'as-asked',
      logged: false,
      signedAt: null,
      signedAtSource: null,
      signer: { method: 'key', type: 'public-key', raw: null, issuer: null },
      content: { kind: 'model', name: 'folder' },
    });
    const { stdout } = await runCli(['bundle', 'verify', KEY_BUNDLE, '--key', oms('p256.pub')]);
    expect(stdout).toContain('files-p256.sig: verified, signed but not logged\n');
    expect(stdout).toContain('Signed at   nothing shows when\n');
    expect(stdout).toContain('Logged      no: nothing shows that it was not signed in secret\n');
  });

  it('refuses another key, and says with what to name the right one', async () => {
    const { code, report } = await verify(KEY_BUNDLE, '--key', oms('p384.pub'));
    expect(code).toBe(1);
    expect(report).toMatchObject({ outcome: 'refused', code: 'key-not-trusted', signer: null, logged: null });
    expect(report.reason).toContain('--key');
  });

  it('asks for a key where none is given', async () => {
    expect(await verify(KEY_BUNDLE)).toMatchObject({ code: 1, report: { code: 'key-needed' } });
  });

  it('takes the keys and authorities of a configuration, and with --key that key alone', async () => {
    const yaml = write(
      'modeltrail.yaml',
      `organisation: { name: x, contact: a@models.example }
trust:
  tuf: {}
  keys: [{ name: release key, file: ${oms('p256.pub')} }]
  authorities: [{ name: own CA, file: ca.pem }]
`,
    );
    expect(await verify(KEY_BUNDLE, '--config', yaml)).toMatchObject({
      code: 0,
      report: { identity: 'not-asked', signer: { value: 'release key' } },
    });
    expect(await verify(bundle, '--config', yaml)).toMatchObject({
      code: 0,
      report: { signer: { method: 'certificate', value: BOT, issuer: 'trusted authority own CA' } },
    });
    expect((await verify(KEY_BUNDLE, '--config', yaml, '--key', oms('p384.pub'))).code).toBe(1);
    expect((await verify(bundle, '--config', yaml, '--authority', otherAuthority)).code).toBe(1);
  });

  it('verifies by the authorities that are given, of which there may be several', async () => {
    const { code, report } = await verify(bundle, '--authority', otherAuthority, '--authority', authority);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      identity: 'as-asked',
      logged: false,
      signer: { method: 'certificate', value: BOT, issuer: `trusted authority ${authority}` },
    });
    const refused = await verify(bundle, '--authority', otherAuthority);
    expect(refused).toMatchObject({ code: 1, report: { code: 'certificate-not-trusted' } });
    expect(refused.report.reason).toContain('--authority');
  });

  it('compares the name in the certificate with the one that is asked for, byte for byte', async () => {
    expect((await verify(bundle, '--authority', authority, '--identity', BOT)).code).toBe(0);
    for (const asked of [BOT.slice(1), BOT.toUpperCase(), '.*', 'CN=release-bot']) {
      expect(await verify(bundle, '--authority', authority, '--identity', asked)).toMatchObject({
        code: 1,
        report: { code: 'other-identity', identity: 'other' },
      });
    }
    const nameless = write('nameless.sig', signModel(mintStatement(), own.signer(valid)));
    expect((await verify(nameless, '--authority', authority, '--identity', 'CN=release-bot')).code).toBe(0);
  });

  it('never takes what a private authority wrote for the word of an identity provider', async () => {
    const yaml = write(
      'own.yaml',
      'organisation: { name: x, contact: a@models.example }\ntrust: { tuf: {}, authorities: [{ name: own CA, file: ca.pem }] }\n',
    );
    expect(await verify(bundle, '--config', yaml, '--identity', BOT, '--issuer', IDP)).toMatchObject({
      code: 1,
      report: { outcome: 'refused', code: 'other-issuer', identity: 'other' },
    });
  });

  it('refuses a signature of Sigstore where an authority of one’s own must have vouched for it', async () => {
    const bundles = join(OMS, '../bundles');
    const trust = ['--trusted-root', join(bundles, 'trusted_root.json')];
    const path = join(bundles, 'model-actions-rekor-v2.sigstore.json');
    expect((await verify(path, ...trust)).code).toBe(0);
    expect(await verify(path, ...trust, '--authority', authority)).toMatchObject({
      code: 1,
      report: { code: 'other-issuer', identity: 'other' },
    });
  });

  it('refuses a certificate that has run out, since nothing shows that it signed before', async () => {
    expect(await verify(expired, '--authority', authority)).toMatchObject({
      code: 1,
      report: { code: 'certificate-outside-validity' },
    });
  });

  it('refuses a payload that was changed', async () => {
    const json = JSON.parse(readFileSync(KEY_BUNDLE, 'utf8'));
    const payload = Buffer.from(json.dsseEnvelope.payload, 'base64').toString().replace('folder', 'holder');
    json.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
    const changed = write('changed.sig', JSON.stringify(json));
    expect(await verify(changed, '--key', oms('p256.pub'))).toMatchObject({
      code: 1,
      report: { outcome: 'refused', content: null },
    });
  });

  it.each([
    [['--key', oms('p256.pub'), '--authority', oms('root.pem')], 'Leave out --key'],
    [['--key', oms('p256.pub'), '--identity', 'x', '--issuer', 'y'], 'Leave out --key'],
    [['--authority', oms('root.pem'), '--issuer', 'y'], 'Leave out --issuer'],
    [['--authority', oms('p256.pub')], 'is not 1 to 200 certificates in PEM'],
    [['--key', oms('root.pem')], 'is not one public key in PEM'],
    [['--authority', join(OMS, 'none.pem')], 'none.pem cannot be read'],
    [['--authority='], '--authority <file>` value is missing'],
  ])('gives no answer to %j', async (args, message) => {
    const { code, report, stderr } = await verify(KEY_BUNDLE, ...args);
    expect({ code, report }).toEqual({ code: 2, report: null });
    expect(stderr).toContain(message);
  });
});
