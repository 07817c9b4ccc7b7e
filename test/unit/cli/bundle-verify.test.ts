import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '#test/support/product.ts';
import { readStory, STORY_DIRECTORY } from '#test/support/story.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const story = (path: string) => join(STORY_DIRECTORY, path);
const facts = readStory();
const TRUST = ['--trusted-root', story('trusted_root.json')];
const base = facts.entries.find(
  ({ model, version, bundle }) => model === 'northwind-base' && version === '1.1.0' && bundle?.endsWith('/model.sig'),
);
if (!base) throw new Error('the story has lost its base model');
const identity = base.identity ?? '';
const issuer = base.issuer ?? '';
const BUNDLE = story(base.bundle ?? '');
const SIGNER = ['--identity', identity, '--issuer', issuer];

async function verify(...args: string[]) {
  const run = await runCli(['bundle', 'verify', ...args, '--json']);
  return { ...run, report: run.stdout === '' ? null : JSON.parse(run.stdout) };
}

describe('bundle verify', { timeout: 60_000 }, () => {
  it('verifies a model signature, and says who signed what and when', async () => {
    const { code, report } = await verify(BUNDLE, ...TRUST, ...SIGNER);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      outcome: 'verified',
      code: null,
      identity: 'as-asked',
      signer: { method: 'sigstore', type: 'uri', value: identity, issuer },
      logged: true,
      signedAt: Date.parse(base.signedAt ?? ''),
      signedAtSource: 'timestamp-authority',
      content: { kind: 'model', name: 'northwind-base', root: base.omsRoot },
    });
    expect(report.content.files).toHaveLength(4);
    const outcomes = new Set(report.checks.map(({ outcome }: { outcome: string }) => outcome));
    expect(outcomes).toEqual(new Set(['passed']));
    expect(report.checks.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining([
        'checkpoint-signature',
        'inclusion',
        'certificate-chain',
        'sct',
        'timestamp',
        'oms-root',
      ]),
    );
  });

  it('prints the same for people, and that nobody was asked for', async () => {
    const { code, stdout } = await runCli(['bundle', 'verify', BUNDLE, ...TRUST]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${BUNDLE}: verified`);
    expect(stdout).toContain('nobody was asked for');
    expect(stdout).toContain('passed    Inclusion in the log: Entry ');
  });

  it.each([
    ['the start of it', identity.slice(0, -1)],
    ['it in capitals', identity.toUpperCase()],
    ['a pattern that it meets', '.*'],
    ['it with a letter that looks the same', identity.replace('o', 'о')],
  ])('refuses an identity that is only %s', async (_, asked) => {
    const { code, report } = await verify(BUNDLE, ...TRUST, '--identity', asked, '--issuer', issuer);
    expect(code).toBe(1);
    expect(report).toMatchObject({ outcome: 'refused', code: 'other-identity', identity: 'other' });
  });

  it('refuses the right name at another issuer', async () => {
    const { code, report } = await verify(BUNDLE, ...TRUST, '--identity', identity, '--issuer', `${issuer}/`);
    expect(code).toBe(1);
    expect(report).toMatchObject({ outcome: 'refused', code: 'other-issuer' });
  });

  it('asks for identity and issuer together', async () => {
    const { code, stderr, report } = await verify(BUNDLE, ...TRUST, '--identity', identity);
    expect({ code, report }).toEqual({ code: 2, report: null });
    expect(stderr).toContain('Give both --identity and --issuer');
  });

  it('verifies a signed file together with the file, and refuses another file', async () => {
    const { bundle, artifact } = facts.entries.find((entry) => entry.artifact !== null && entry.bundle !== null) ?? {};
    const path = story(bundle ?? '');
    expect(await verify(path, ...TRUST, '--artifact', story(artifact ?? ''))).toMatchObject({
      code: 0,
      report: { outcome: 'verified', content: { kind: 'file' } },
    });
    expect(await verify(path, ...TRUST, '--artifact', BUNDLE)).toMatchObject({
      code: 1,
      report: { outcome: 'refused' },
    });
  });

  it.each(facts.broken.map(({ path, why }) => [why, path]))('refuses a bundle that is %s', async (_, path) => {
    const { code, stdout } = await runCli(['bundle', 'verify', story(path), ...TRUST]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/: refused \([a-z-]+\)\n\S/);
  });

  it('refuses a bundle of a private Sigstore under the public-good trust root, which it takes where none is named', async () => {
    const { code, report } = await verify(BUNDLE);
    expect(code).toBe(1);
    expect(report).toMatchObject({ outcome: 'refused', code: 'timestamp-unknown-authority' });
    expect(report.trustRoot.source).toContain('public-good');
  });

  it('does not take a trust root from the working directory unasked, and does when asked', async () => {
    const yaml = `organisation: { name: x, contact: a@models.example }\ntrust: { file: ${story('trusted_root.json')} }\n`;
    writeFileSync(join(folder.path, 'modeltrail.yaml'), yaml);
    expect((await runCli(['bundle', 'verify', BUNDLE], folder.path)).code).toBe(1);
    expect((await runCli(['bundle', 'verify', BUNDLE, '--config', 'modeltrail.yaml'], folder.path)).code).toBe(0);
  });

  it('needs the key of a bundle that was signed with a bare key', async () => {
    const bundles = join(STORY_DIRECTORY, '../bundles');
    const args = [
      join(bundles, 'cosign-blob-key-rekor-v2.sigstore.json'),
      '--trusted-root',
      join(bundles, 'trusted_root.json'),
    ];
    expect(await verify(...args)).toMatchObject({ code: 1, report: { code: 'key-needed' } });
    const key = ['--key', join(bundles, 'cosign.pub'), '--artifact', join(bundles, 'blob.bin')];
    expect(await verify(...args, ...key)).toMatchObject({
      code: 0,
      report: { outcome: 'verified', identity: 'as-asked', logged: true, signer: { method: 'key', issuer: null } },
    });
    expect((await verify(...args, ...key, ...SIGNER)).code).toBe(2);
  });

  it('refuses a bundle by certificate where a key must have signed', async () => {
    const key = join(STORY_DIRECTORY, '../bundles/cosign.pub');
    const { code, report } = await verify(BUNDLE, ...TRUST, '--key', key);
    expect({ code, report }).toMatchObject({
      code: 1,
      report: { outcome: 'refused', code: 'key-not-applicable', identity: 'other' },
    });
  });

  it('prints what a statement says of code, inputs and builder, as its word', async () => {
    const bundles = join(STORY_DIRECTORY, '../bundles');
    const args = [
      join(bundles, 'cosign-slsa-actions-rekor-v1.sigstore.json'),
      '--trusted-root',
      join(bundles, 'trusted_root.json'),
    ];
    const { stdout } = await runCli(['bundle', 'verify', ...args]);
    expect(stdout).toContain('States       slsa-provenance v1\n');
    expect(stdout).toContain("all of it is the signer's word");
    expect(stdout).toMatch(
      /^Code {9}2e008bf40e6f15f7fa6c13edfebcdb30c19a8039 {2}https:\/\/github\.com\/acme\/models$/m,
    );
    expect(stdout).toMatch(/^Inputs {7}its code .* gitCommit:2e008bf40e6f15f7fa6c13edfebcdb30c19a8039$/m);
    expect(stdout).toMatch(/^Builder {6}https:\/\/github\.com\/acme\/models\/\.github\/workflows\/release\.yml@/m);
    const { report } = await verify(...args);
    expect(report.content).toMatchObject({
      kind: 'statement',
      facts: { kind: 'slsa-provenance', commit: { value: '2e008bf40e6f15f7fa6c13edfebcdb30c19a8039' } },
    });
  });

  it('refuses a changed payload of a bundle that was good', async () => {
    const json = JSON.parse(readFileSync(BUNDLE, 'utf8'));
    const payload = Buffer.from(json.dsseEnvelope.payload, 'base64')
      .toString()
      .replace('northwind-base', 'northwind-bass');
    json.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
    const path = join(folder.path, 'changed.sigstore.json');
    writeFileSync(path, JSON.stringify(json));
    expect(await verify(path, ...TRUST, ...SIGNER)).toMatchObject({
      code: 1,
      report: { outcome: 'refused', content: null },
    });
  });

  it('exits 2 for a file that is not there, and names it', async () => {
    const { code, stderr } = await verify(join(folder.path, 'missing.sig'), ...TRUST);
    expect(code).toBe(2);
    expect(stderr).toContain('missing.sig');
  });
});
