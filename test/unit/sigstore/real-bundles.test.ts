import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyBundle } from '#lib/sigstore/verify-bundle.ts';

/** Made by cosign, model_signing and sigstore-js on a real stack: Rekor v1 and v2, Fulcio, a timestamp authority. */
const folder = 'test/fixtures/bundles';
const read = (name: string): Buffer => readFileSync(`${folder}/${name}`);
const root = parseTrustedRoot(read('trusted_root.json'));
const rootWithoutCtLog = parseTrustedRoot(read('trusted_root.without-ctlog.json'));
const names = readdirSync(folder).filter((name) => name.endsWith('.sigstore.json') && !name.startsWith('without-sct'));
const now = Date.parse('2026-12-01T00:00:00Z');

const WORKFLOW = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1.2.0';
const SIGNERS: Readonly<Record<string, string>> = {
  'cosign-blob-actions-rekor-v2': WORKFLOW,
  'cosign-slsa-actions-rekor-v1': WORKFLOW,
  'model-actions-rekor-v1': WORKFLOW,
  'model-actions-rekor-v2': WORKFLOW,
  'model-gitlab-rekor-v2': 'https://gitlab.com/acme/models//.gitlab-ci.yml@refs/heads/main',
  'sigstorejs-blob-rekor-v1': 'https://github.com/acme/vision/.github/workflows/release.yml@refs/heads/main',
  'sigstorejs-dsse-rekor-v2b': 'https://github.com/acme/vision/.github/workflows/release.yml@refs/heads/main',
  'sigstorejs-intoto-rekor-v1': 'https://github.com/acme/vision/.github/workflows/release.yml@refs/heads/main',
};

describe('bundles of real clients', () => {
  it('are here, of nine kinds', () => {
    expect(names).toHaveLength(9);
  });

  it.each(names)('%s verifies', (name) => {
    const parsed = readBundle(read(name));
    const verdict = verifyBundle(parsed, root, {
      now,
      ...(parsed.content === 'message' && { artifact: read('blob.bin') }),
      ...(parsed.material.form === 'public-key' && { key: createPublicKey(read('cosign.pub')) }),
    });
    if (verdict.outcome === 'refused') throw new Error(verdict.reason);
    expect(verdict.signer?.value).toBe(SIGNERS[name.replace('.sigstore.json', '')]);
    expect(verdict.signedAtSource).toBe('timestamp-authority');
    expect(verdict.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  it('have certificates that are judged genuine at the time of their SCT', () => {
    for (const name of names) {
      const { material } = readBundle(read(name));
      if (material.form !== 'certificate') continue;
      expect(judgeCertificate(material.certificate, root, { seenAt: now })).toMatchObject({
        authenticity: 'verified',
        source: 'sct',
      });
      expect(judgeCertificate(material.certificate, rootWithoutCtLog, { seenAt: now }).authenticity).toBe(
        'impersonation',
      );
    }
  });

  it('without an SCT verify under a trust root without certificate logs, and not under another', () => {
    const parsed = readBundle(read('without-sct-email-rekor-v2.sigstore.json'));
    const artifact = read('without-sct.txt');
    const verdict = verifyBundle(parsed, rootWithoutCtLog, { now, artifact });
    expect(verdict).toMatchObject({
      outcome: 'verified',
      signer: { type: 'email', value: 'release-bot@models.example' },
    });
    expect(verdict.checks).toContainEqual(expect.objectContaining({ name: 'sct', outcome: 'not-made' }));
    expect(verifyBundle(parsed, root, { now, artifact }).outcome).toBe('refused');
  });
});
