import { describe, expect, it } from 'vitest';
import { type BundleSignerNames, compilePolicies } from '#lib/provenance/expected-signer.ts';

const bot: BundleSignerNames = {
  method: 'sigstore',
  san: 'release-bot@models.example',
  issuer: 'https://accounts.models.example',
};
const key: BundleSignerNames = { method: 'key', san: 'release key', issuer: 'trusted key sha256:ab' };
const certificate: BundleSignerNames = {
  method: 'certificate',
  san: 'CN=Model Signing 001',
  issuer: 'trusted authority Foundation CA',
};
const policies = compilePolicies([
  {
    name: 'Vision',
    models: { exact: 'northwind-vision' },
    signers: [
      { identity: { exact: 'release-bot@models.example' }, issuer: { exact: 'https://accounts.models.example' } },
    ],
    attesters: [{ key: 'release key' }],
    requireProvenance: true,
  },
  {
    name: 'All others of ours',
    models: { glob: 'northwind-*' },
    signers: [{ authority: 'Foundation CA', identity: { glob: 'CN=Model Signing *' } }, { key: 'release key' }],
    attesters: [],
    requireProvenance: false,
  },
]);

describe('expected signers', () => {
  it('holds a model to the first policy that names it, and to none where none does', () => {
    expect(policies.policyFor('northwind-vision')?.name).toBe('Vision');
    expect(policies.policyFor('northwind-base')?.name).toBe('All others of ours');
    expect(policies.policyFor('Northwind-vision')).toBeNull();
    expect(policies.policyFor('evil/northwind-vision')).toBeNull();
  });

  it('asks for the whole identity and its issuer', () => {
    const policy = policies.policyFor('northwind-vision');
    expect(policy?.isSigner(bot)).toBe(true);
    expect(policy?.isSigner({ ...bot, san: 'x-release-bot@models.example' })).toBe(false);
    expect(policy?.isSigner({ ...bot, issuer: 'https://accounts.evil.example' })).toBe(false);
    expect(policy?.isSigner({ ...bot, issuer: null })).toBe(false);
  });

  it('takes no key or private certificate for an identity of the same name', () => {
    const policy = policies.policyFor('northwind-vision');
    expect(policy?.isSigner({ ...bot, method: 'key' })).toBe(false);
    expect(policy?.isSigner({ ...bot, method: 'certificate' })).toBe(false);
  });

  it('takes no identity of a log for a key or an authority of the same name', () => {
    const policy = policies.policyFor('northwind-base');
    expect(policy?.isSigner(key)).toBe(true);
    expect(policy?.isSigner({ ...key, method: 'sigstore' })).toBe(false);
    expect(policy?.isSigner(certificate)).toBe(true);
    expect(policy?.isSigner({ ...certificate, method: 'sigstore' })).toBe(false);
    expect(policy?.isSigner({ ...certificate, issuer: 'trusted authority Other CA' })).toBe(false);
    expect(policy?.isSigner({ ...certificate, san: 'CN=Somebody else' })).toBe(false);
  });

  it('lets attesters state provenance, not sign', () => {
    const policy = policies.policyFor('northwind-vision');
    expect(policy?.isSigner(key)).toBe(false);
    expect(policy?.isAttester(key)).toBe(true);
    expect(policy?.isAttester(bot)).toBe(true);
    expect(policy?.isAttester(certificate)).toBe(false);
  });
});
