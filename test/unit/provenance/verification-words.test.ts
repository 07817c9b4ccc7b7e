import { describe, expect, it } from 'vitest';
import { FILE_STATES } from '#lib/hash-list/file-answer.ts';
import { type AnswerVersion, VERIFICATION_OUTCOMES, type VerificationAnswer } from '#lib/provenance/verification.ts';
import { answerSentence, expectationSentence, FILE_STATE, OUTCOME } from '#lib/provenance/verification-words.ts';
import { mintHex } from '#test/factories.ts';

const version: AnswerVersion = {
  modelName: 'granite',
  modelSlug: 'granite',
  versionId: 'ver_1',
  label: '1.0',
  root: mintHex('root'),
  seenAs: 'signed',
  signature: 'verified',
  signatureReason: 'Signed by release-bot@models.example.',
  fileCount: 3,
  matching: 2,
};

const counts = { ...Object.fromEntries(FILE_STATES.map((state) => [state, 0])), differs: 1, missing: 2 };

const sentence = (outcome: VerificationAnswer['outcome'], over: Partial<VerificationAnswer> = {}) =>
  answerSentence({
    outcome,
    version,
    counts: counts as VerificationAnswer['counts'],
    expected: null,
    notices: [],
    list: {
      form: 'checksums',
      name: null,
      hashType: 'sha256',
      shardSize: null,
      files: 3,
      bytes: null,
      roots: null,
      remarks: [],
    },
    ...over,
  });

describe('the words for what files are', () => {
  it('never say that files are safe to use, for no hash shows that', () => {
    const texts = [
      ...VERIFICATION_OUTCOMES.flatMap((outcome) => [
        OUTCOME[outcome].word,
        OUTCOME[outcome].meaning,
        sentence(outcome),
      ]),
      ...FILE_STATES.flatMap((state) => [FILE_STATE[state].word, FILE_STATE[state].meaning]),
    ];
    for (const text of texts) expect(text).not.toMatch(/\b(safe|safely|secure|trustworthy|harmless|clean)\b/i);
  });

  it('call proven only what an expected signer signed and a log holds, and a file with the listed hash', () => {
    expect(VERIFICATION_OUTCOMES.filter((outcome) => OUTCOME[outcome].tone === 'proven')).toEqual(['verified']);
    expect(FILE_STATES.filter((state) => FILE_STATE[state].tone === 'proven')).toEqual(['matches']);
  });

  it('give each outcome and each state a word of its own', () => {
    expect(new Set(VERIFICATION_OUTCOMES.map((outcome) => OUTCOME[outcome].word)).size).toBe(
      VERIFICATION_OUTCOMES.length,
    );
    expect(new Set(FILE_STATES.map((state) => FILE_STATE[state].word)).size).toBe(FILE_STATES.length);
  });

  it('say what the files are and how that is known', () => {
    expect(sentence('verified')).toBe(
      'All 3 files of "granite" 1.0 are there as signed, and the signature is logged. Signed by release-bot@models.example.',
    );
    expect(sentence('differs')).toBe(
      'Not the same as "granite" 1.0, the closest that is known: 1 file differs, 2 files are missing.',
    );
    expect(sentence('unknown', { version: null })).toContain('No version known here has any of the 3 files');
    expect(sentence('unsigned', { version: { ...version, seenAs: 'registered' } })).toContain('as registered');
  });

  it('say of an unmet expectation what the files are instead', () => {
    const unmet = expectationSentence({ model: 'granite', version: '1.0' }, false, { closeness: 'same', version });
    expect(unmet).toBe('They are not the files that were expected: "granite" 1.0. They are "granite" 1.0 instead.');
    const expected = { model: 'granite', version: '1.0', isMet: false, sentence: unmet };
    expect(sentence('differs', { expected })).toContain(unmet);
    expect(expectationSentence({ model: 'granite', version: null }, true, null)).toContain('files that were expected');
  });

  it('escape names from outside', () => {
    expect(sentence('verified', { version: { ...version, modelName: 'a\u001b[2J"b' } })).toContain('"a\\u001b[2J\\"b"');
  });
});
