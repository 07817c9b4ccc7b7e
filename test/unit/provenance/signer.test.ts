import { describe, expect, it } from 'vitest';
import { isSameSigner, releaseOf, signerOf } from '#lib/provenance/signer.ts';

const WORKFLOW = 'https://github.com/models-example/northwind/.github/workflows/release.yml';

describe('signerOf', () => {
  it('takes a workflow on any branch or tag for one signer', () => {
    expect(signerOf(`${WORKFLOW}@refs/tags/v1.0.0`)).toBe(WORKFLOW);
    expect(signerOf(`${WORKFLOW}@refs/heads/main`)).toBe(WORKFLOW);
  });

  it('keeps another workflow of the same repository apart', () => {
    expect(signerOf(`${WORKFLOW.replace('release', 'evaluate')}@refs/tags/v1.0.0`)).not.toBe(WORKFLOW);
  });

  it('leaves mail addresses whole, even those that look like a reference', () => {
    expect(signerOf('release-bot@refs/heads/main')).toBe('release-bot@refs/heads/main');
    expect(signerOf('release-bot@models.example')).toBe('release-bot@models.example');
    expect(signerOf(null)).toBeNull();
  });
});

describe('releaseOf', () => {
  it('takes the tag that a workflow ran on, slashes and all', () => {
    expect(releaseOf(`${WORKFLOW}@refs/tags/v1.0.0`)).toBe('v1.0.0');
    expect(releaseOf(`${WORKFLOW}@refs/tags/models/v2`)).toBe('models/v2');
  });

  it('finds none for branches, mail addresses, and tags that are no name', () => {
    expect(releaseOf(`${WORKFLOW}@refs/heads/main`)).toBeNull();
    expect(releaseOf('bot@refs/tags/v1')).toBeNull();
    expect(releaseOf(`${WORKFLOW}@refs/tags/`)).toBeNull();
    expect(releaseOf(`${WORKFLOW}@refs/tags/${'v'.repeat(101)}`)).toBeNull();
    expect(releaseOf(null)).toBeNull();
  });
});

describe('isSameSigner', () => {
  it('asks for the same issuer, and overlooks the tag of a workflow', () => {
    const issuer = 'https://token.actions.githubusercontent.com';
    const signer = { san: `${WORKFLOW}@refs/tags/v1.0.0`, issuer };
    expect(isSameSigner(signer, { san: `${WORKFLOW}@refs/tags/v2.0.0`, issuer })).toBe(true);
    expect(isSameSigner(signer, { ...signer, issuer: 'https://elsewhere.example' })).toBe(false);
    expect(isSameSigner(signer, { ...signer, issuer: null })).toBe(false);
  });
});
