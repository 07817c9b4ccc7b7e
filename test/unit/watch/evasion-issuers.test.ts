import { describe, expect, it } from 'vitest';
import type { WatchRule } from '#lib/watch/rule.ts';
import { email, extension, fulcio, uri } from './der-builder.ts';
import { BOT, bot, ISSUER, issuedBy, see, WORKFLOW } from './evasion.ts';

const OTHER = 'https://accounts.other.example';
const sans = [email(BOT)];

describe('the issuer', () => {
  it('another one makes another identity of the same address', () => {
    expect(see({ sans, extensions: issuedBy(OTHER) }, bot).matches).toEqual([]);
    expect(see({ sans, extensions: issuedBy(OTHER) }, { ...bot, issuer: { glob: '**' } }).matches).toHaveLength(1);
  });

  it('none at all is no reason to pass a certificate over', () => {
    const { matches, odd } = see({ sans, extensions: [] }, bot);
    expect(matches).toMatchObject([{ how: 'folded', notes: ['issuer-missing'] }]);
    expect(odd).toContain('The certificate names no OpenID Connect issuer.');
  });

  it.each([
    ['the old encoding', [fulcio(1, ISSUER)]],
    ['the new encoding', [fulcio(8, ISSUER)]],
  ])('is found in %s alone', (_, extensions) => {
    expect(see({ sans, extensions }, bot).matches).toMatchObject([{ how: 'exact', own: true }]);
  });

  it('that differs between its two encodings is found in either, and told of', () => {
    for (const extensions of [
      [fulcio(1, ISSUER), fulcio(8, OTHER)],
      [fulcio(1, OTHER), fulcio(8, ISSUER)],
    ]) {
      const { matches, facts, odd } = see({ sans, extensions }, bot);
      expect(matches).toMatchObject([{ notes: ['issuers-differ'] }]);
      expect(facts.issuer.conflict).toBe(true);
      expect(odd).toContain('The certificate names different OpenID Connect issuers.');
    }
  });

  it('that stands twice is found whichever a reader takes, and told of', () => {
    const { matches, odd } = see({ sans, extensions: [fulcio(8, OTHER), fulcio(8, ISSUER)] }, bot);
    expect(matches).toMatchObject([{ notes: ['issuers-differ'] }]);
    expect(odd).toContain('The extension 1.3.6.1.4.1.57264.1.8 stands 2 times; one is allowed.');
  });

  it('without the wrapping that its extension asks for is found by its bytes, and told of', () => {
    const { matches, odd } = see({ sans, extensions: [extension('1.3.6.1.4.1.57264.1.8', ISSUER)] }, bot);
    expect(matches).toMatchObject([{ how: 'folded', notes: ['not-der'] }]);
    expect(odd).toContain('The extension issuer-v2 is not a DER UTF8String.');
  });

  it('that only looks like it makes the whole match one of another signer', () => {
    const { matches, odd } = see({ sans, extensions: issuedBy('https://accounts.m\u043edels.example') }, bot);
    expect(matches).toMatchObject([{ field: 'san', value: BOT, how: 'look-alike', own: false, notes: ['look-alike'] }]);
    expect(odd).toContain('The extension issuer-v2 is not ASCII.');
  });

  it('cut at a NUL is told of', () => {
    const { matches, odd } = see({ sans, extensions: [fulcio(1, `${ISSUER}\0.evil.example`)] }, bot);
    expect(matches).toMatchObject([{ how: 'folded', notes: ['cut-at-nul'] }]);
    expect(odd).toContain('The extension issuer contains a NUL.');
  });
});

describe('names that change, and numbers that do not', () => {
  const byNumber: WatchRule = {
    name: 'by number',
    own: true,
    extensions: {
      'source-repository-identifier': { exact: '174148773' },
      'source-repository-owner-identifier': { exact: '462216105' },
    },
  };
  const numbers = [fulcio(15, '174148773'), fulcio(17, '462216105')];

  it('a renamed repository is met by its numbers', () => {
    const renamed = WORKFLOW.replace('acme/models', 'new-name/weights');
    const { matches } = see({ sans: [uri(renamed)], extensions: [...issuedBy(ISSUER), ...numbers] }, byNumber);
    expect(matches).toMatchObject([{ how: 'exact', field: 'source-repository-identifier', value: '174148773' }]);
  });

  it('somebody who took the name over is not', () => {
    const taken = [...issuedBy(ISSUER), fulcio(15, '999'), fulcio(17, '462216105')];
    expect(see({ sans: [uri(WORKFLOW)], extensions: taken }, byNumber).matches).toEqual([]);
  });

  it('the subject of the token is compared as it stands, dots and colons included', () => {
    const rule: WatchRule = {
      name: 'sub',
      own: true,
      extensions: { 'token-subject': { exact: 'repo:acme/models:ref:x' } },
    };
    expect(see({ sans, extensions: [fulcio(24, 'repo:acme/models:ref:x')] }, rule).matches).toHaveLength(1);
    expect(see({ sans, extensions: [fulcio(24, 'repo:acme/models:ref:xy')] }, rule).matches).toEqual([]);
  });

  it('the same number in another extension is another thing', () => {
    const swapped = [fulcio(17, '174148773'), fulcio(15, '462216105')];
    expect(see({ sans, extensions: swapped }, byNumber).matches).toEqual([]);
  });
});

describe('text in extensions, where any script is allowed', () => {
  const rule: WatchRule = {
    name: 'repo',
    own: true,
    extensions: { 'source-repository-uri': { exact: 'https://github.com/acme/models' } },
  };

  it.each([
    ['homoglyphs', 'https://github.com/\u0430cme/models', ['look-alike']],
    ['digits', 'https://github.com/acme/mode1s', ['look-alike']],
    ['zero-width characters', 'https://github.com/acme/models\u200b', ['zero-width']],
    ['bidi characters', 'https://github.com/acme/\u202emodels', ['bidi']],
  ])('is found by its looks: %s', (_, value, notes) => {
    expect(see({ sans, extensions: [fulcio(12, value)] }, rule).matches).toMatchObject([
      { how: 'look-alike', own: false, notes },
    ]);
  });

  it('is found in a second extension of the same OID', () => {
    const twice = [fulcio(12, 'https://github.com/evil/x'), fulcio(12, 'https://github.com/acme/models')];
    const { matches, odd } = see({ sans, extensions: twice }, rule);
    expect(matches).toMatchObject([{ how: 'exact' }]);
    expect(odd).toContain('The extension 1.3.6.1.4.1.57264.1.12 stands 2 times; one is allowed.');
  });
});
