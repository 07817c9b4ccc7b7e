import { describe, expect, it } from 'vitest';
import {
  contentSentence,
  plainText,
  type SignedFacts,
  signerSentence,
  versionSentence,
} from '#lib/provenance/sentence.ts';

const AT = Date.UTC(2026, 2, 12, 9, 14, 3);

const event: SignedFacts = {
  authenticity: 'verified',
  authenticityReason: '',
  claim: 'unclaimed',
  undecided: null,
  san: 'release-bot@models.example',
  issuer: 'https://accounts.models.example',
  publicKeySha256: null,
  signedAt: AT,
  signedAtSource: 'timestamp-authority',
  firstSeenAt: AT + 1000,
  origin: 'log2026-1.rekor.example',
  logIndex: 42,
  seenBy: 'tail',
};

describe('the sentence about an event', () => {
  it('names identity, issuer, time with its source, and place', () => {
    expect(plainText(signerSentence(event))).toBe(
      'Signed by release-bot@models.example through https://accounts.models.example, logged 12 Mar 2026 09:14:03 UTC (timestamp authority) as entry 42 of log2026-1.rekor.example.',
    );
  });

  it('does not say that an impersonated identity signed', () => {
    const text = plainText(
      signerSentence({ ...event, authenticity: 'impersonation', signedAt: null, signedAtSource: null }),
    );
    expect(text).toMatch(/^Somebody signed with a certificate that names /);
    expect(text).toContain('that identity did not prove itself');
    expect(text).toContain('first seen 12 Mar 2026 09:14:04 UTC');
    expect(text).not.toContain('Signed by');
  });

  it('says of a bare key only that it is one', () => {
    const text = plainText(
      signerSentence({
        ...event,
        authenticity: 'unverifiable',
        san: null,
        issuer: null,
        publicKeySha256: 'ab'.repeat(32),
      }),
    );
    expect(text).toContain('the bare key abab');
    expect(text).toContain('nothing in the entry proves whose key that is');
  });

  it('claims nothing about an entry that could not be read', () => {
    expect(plainText(signerSentence({ ...event, undecided: 'not JSON' }))).toMatch(
      /^The log holds bytes that cannot be read/,
    );
    expect(plainText(contentSentence({ claim: 'unclaimed', undecided: 'not JSON' }, []))).toBe(
      'What was signed cannot be told from the entry.',
    );
  });

  it('says that nobody has shown what was signed, until a bundle does', () => {
    expect(plainText(contentSentence(event, []))).toMatch(/^Nobody has shown what was signed/);
    const shown = contentSentence(event, [
      { kind: 'statement', predicateType: 'https://slsa.dev/provenance/v1', subject: 'a.bin' },
      { kind: 'model', name: 'northwind', root: 'ab'.repeat(32), fileCount: 1 },
    ]);
    expect(plainText(shown)).toContain('the model northwind, 1 file under the root abab');
  });
});

describe('the sentence about a version', () => {
  const signing = { ...event, signedAtSource: 'sct' as const, logged: 'proved' as const };
  const version = { root: 'ab'.repeat(32), fileCount: 4, seenAs: 'signed' as const, ignoredCount: 0, signing };

  it('gives signer, issuer, time with source and the files covered', () => {
    expect(plainText(versionSentence(version))).toBe(
      `Version ${'ab'.repeat(32)} signed by release-bot@models.example through https://accounts.models.example, logged 12 Mar 2026 09:14:03 UTC (certificate log, SCT), 4 files covered.`,
    );
  });

  it('never says logged of what our tail has not read', () => {
    expect(plainText(versionSentence({ ...version, signing: { ...signing, logged: 'waiting' } }))).toContain(
      'said to be logged',
    );
    expect(plainText(versionSentence({ ...version, signing: { ...signing, logged: 'not-logged' } }))).toContain(
      'not logged, signed',
    );
  });

  it('says what the signer left out', () => {
    expect(plainText(versionSentence({ ...version, ignoredCount: 2 }))).toContain('the signer left out 2 paths');
  });
});
