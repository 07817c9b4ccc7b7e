import { describe, expect, it } from 'vitest';
import { compileRules, RuleError } from '#lib/watch/rule.ts';

const rule = { name: 'bot', own: true };

describe('compileRules', () => {
  it('knows whether there is anything to look for', () => {
    expect(compileRules([]).isEmpty).toBe(true);
    expect(compileRules([{ ...rule, identity: { exact: 'a@x.example' } }]).isEmpty).toBe(false);
  });

  it('names the rules that unreadable bytes cannot be searched for', () => {
    const matcher = compileRules([
      { ...rule, name: 'searchable', identity: { glob: '*@models.example' } },
      { ...rule, name: 'too short', extensions: { 'build-trigger': { exact: 'push' } } },
      { ...rule, name: 'uncertain', identity: { pattern: 'release-bot|train-bot' } },
    ]);
    expect(matcher.unsearchable).toEqual(['too short', 'uncertain']);
  });

  it.each([
    ['a rule that names nothing', [rule], 'identity'],
    [
      'a name used twice',
      [
        { ...rule, issuer: { exact: 'a' } },
        { ...rule, issuer: { exact: 'b' } },
      ],
      'name',
    ],
    ['a pattern that RE2 refuses', [{ ...rule, identity: { pattern: 'a**' } }], 'identity'],
    ['an issuer pattern that RE2 refuses', [{ ...rule, issuer: { pattern: 'a**' } }], 'issuer'],
    ['a key that is no fingerprint', [{ ...rule, keys: [{ sha256: 'ab' }] }], 'key'],
    ['a key whose DER is no hex', [{ ...rule, keys: [{ sha256: 'a'.repeat(64), spki: 'x' }] }], 'key'],
    ['no key at all', [{ ...rule, keys: [] }], 'key'],
    ['a digest in upper case', [{ ...rule, own: false, digests: ['AB'.repeat(32)] }], 'digest'],
    ['a digest of another length', [{ ...rule, own: false, digests: ['ab'.repeat(20)] }], 'digest'],
    ['a digest as an own identity', [{ ...rule, digests: ['ab'.repeat(32)] }], 'own'],
    ['an unknown extension', [{ ...rule, extensions: { 'source-repo': { exact: 'a' } } }], 'extensions.source-repo'],
    ['an extension of another arc', [{ ...rule, extensions: { '2.5.29.17': { exact: 'a' } } }], 'extensions.2.5.29.17'],
  ])('refuses %s, and names rule and key', (_, rules, key) => {
    try {
      compileRules(rules);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RuleError);
      expect(error).toMatchObject({ rule: 'bot', key });
    }
  });

  it('says where in the pattern RE2 stopped', () => {
    expect(() => compileRules([{ ...rule, identity: { pattern: 'ab**' } }])).toThrow(
      'watch rule "bot", identity: RE2 refuses the pattern at character 3: invalid nested repetition operator',
    );
  });
});
