import { describe, expect, it } from 'vitest';
import { type BundleSignerNames, compilePolicies, NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import {
  type ArtifactSignature,
  isAttesterOf,
  judgeSignature,
  type SignedArtifact,
} from '#lib/provenance/own-signature.ts';

const bot: BundleSignerNames = {
  method: 'sigstore',
  san: 'release-bot@models.example',
  issuer: 'https://accounts.models.example',
};
const key: BundleSignerNames = { method: 'key', san: 'release key', issuer: 'trusted key sha256:ab' };
const stranger: BundleSignerNames = {
  method: 'sigstore',
  san: 'stranger@elsewhere.example',
  issuer: 'https://accounts.elsewhere.example',
};
const workflow = (ref: string): BundleSignerNames => ({
  method: 'sigstore',
  san: `https://github.com/models-example/vision/.github/workflows/release.yml@refs/tags/${ref}`,
  issuer: 'https://token.actions.githubusercontent.com',
});

function signed(signer: BundleSignerNames, overrides: Partial<ArtifactSignature> = {}): ArtifactSignature {
  return {
    ...signer,
    bundleId: `bdl_${signer.san}`,
    by: 'files',
    signedName: 'northwind-vision',
    signedAt: signer.method === 'sigstore' ? 1000 : null,
    signedAtSource: null,
    ...overrides,
  };
}

function model(...signatures: ArtifactSignature[]): SignedArtifact {
  return { kind: 'model', names: ['northwind-vision'], isSeen: true, signatures };
}

const policies = compilePolicies([
  {
    name: 'Vision',
    models: { exact: 'northwind-vision' },
    signers: [
      { identity: { exact: 'release-bot@models.example' }, issuer: { exact: 'https://accounts.models.example' } },
    ],
    attesters: [{ key: 'release key' }],
    requireProvenance: false,
  },
]);

describe('whose statements of provenance count', () => {
  it('counts those of the model’s own signers, whatever tag their workflow ran on', () => {
    const vision = model(signed(workflow('v1.0.0')));
    expect(isAttesterOf(vision, workflow('v1.1.0'), false, NO_POLICIES)).toBe(true);
    expect(isAttesterOf(vision, { ...workflow('v1.0.0'), issuer: 'https://other.example' }, false, NO_POLICIES)).toBe(
      false,
    );
    expect(isAttesterOf(vision, { ...workflow('v1.0.0'), method: 'key' }, false, NO_POLICIES)).toBe(false);
    expect(isAttesterOf(vision, stranger, false, NO_POLICIES)).toBe(false);
  });

  it('counts those of the own organisation’s identities', () => {
    expect(isAttesterOf(model(), bot, true, NO_POLICIES)).toBe(true);
    expect(isAttesterOf(model(), bot, false, NO_POLICIES)).toBe(false);
  });

  it('lets a policy decide alone: not even the model’s signer counts where it does not say so', () => {
    expect(isAttesterOf(model(signed(stranger)), stranger, true, policies)).toBe(false);
    expect(isAttesterOf(model(), key, false, policies)).toBe(true);
    expect(isAttesterOf(model(), bot, false, policies)).toBe(true);
  });
});

describe('an artifact’s own signature', () => {
  it('is verified by any logged signature where nobody in particular is expected', () => {
    expect(judgeSignature(model(signed(key), signed(stranger)), NO_POLICIES)).toMatchObject({
      state: 'verified',
      signedAt: 1000,
    });
  });

  it('is unlogged where only the operator’s keys signed, and has no time', () => {
    expect(judgeSignature(model(signed(key)), NO_POLICIES)).toMatchObject({ state: 'unlogged', signedAt: null });
  });

  it('is unexpected where nobody signed who should', () => {
    expect(judgeSignature(model(signed(stranger)), policies)).toMatchObject({
      state: 'unexpected',
      reason: expect.stringContaining('stranger@elsewhere.example'),
    });
    expect(judgeSignature(model(signed(stranger), signed(bot)), policies).state).toBe('verified');
  });

  it('escapes no policy by signing the files under another name', () => {
    const renamed = signed(stranger, { signedName: 'innocent' });
    expect(judgeSignature({ ...model(renamed), names: ['innocent', 'northwind-vision'] }, policies).state).toBe(
      'unexpected',
    );
  });

  it('tells what was seen unsigned from what was only mentioned', () => {
    expect(judgeSignature(model(), NO_POLICIES).state).toBe('unsigned');
    expect(judgeSignature({ ...model(), isSeen: false }, NO_POLICIES).state).toBe('unknown');
  });
});
