import { describe, expect, it } from 'vitest';
import { signerOf } from '#lib/provenance/signer.ts';

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
