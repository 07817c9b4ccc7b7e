import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchNote } from '#lib/watch/match-note.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { certificate, email, fulcio } from './der-builder.ts';

const BOT = 'release-bot@models.example';
const bot: WatchRule = {
  name: 'bot',
  own: true,
  identity: { exact: BOT },
  issuer: { exact: 'https://issuer.example' },
};
const find = (bytes: Uint8Array | string, ...rules: readonly WatchRule[]) =>
  compileRules(rules.length === 0 ? [bot] : rules).searchBytes(Buffer.from(bytes as Uint8Array));

describe('bytes that could not be read', () => {
  it('are searched for the identity, the issuer there or not', () => {
    expect(find(`{"kind":"new","who":"${BOT}"}`)).toEqual([
      { rule: 'bot', own: true, field: 'bytes', value: BOT, how: 'bytes', notes: [] },
    ]);
    expect(find('{"kind":"new","who":"https://issuer.example"}')).toEqual([]);
    expect(find(new Uint8Array())).toEqual([]);
  });

  it('are searched without regard to case', () => {
    expect(find(BOT.toUpperCase())).toHaveLength(1);
  });

  it('are searched at their very beginning and end', () => {
    expect(find(`${BOT}...`)).toHaveLength(1);
    expect(find(`...${BOT}`)).toHaveLength(1);
    expect(find(`...${BOT.slice(0, -1)}`)).toEqual([]);
  });

  it('are searched for the longest certain text of a glob or pattern', () => {
    const glob: WatchRule = { name: 'glob', own: true, identity: { glob: 'https://github.com/acme/*/.github/*' } };
    const pattern: WatchRule = { name: 'pattern', own: true, identity: { pattern: '[a-z-]+@models\\.example' } };
    expect(find('x https://github.com/acme/ y', glob, pattern).map((match) => match.value)).toEqual([
      'https://github.com/acme/',
    ]);
    expect(find('x bot@models.example y', glob, pattern).map((match) => match.value)).toEqual(['@models.example']);
  });

  it('are searched for the extensions, all of them, where a rule has no identity', () => {
    const rule: WatchRule = {
      name: 'ids',
      own: true,
      extensions: {
        'source-repository-identifier': { exact: '174148773' },
        'source-repository-owner-identifier': { exact: '462216105' },
      },
    };
    expect(find('174148773 and 462216105', rule)).toMatchObject([{ value: '174148773 … 462216105' }]);
    expect(find('174148773 alone', rule)).toEqual([]);
  });

  it('are searched for the issuer where a rule has nothing else', () => {
    expect(
      find('https://issuer.example', { name: 'issuer', own: true, issuer: { exact: 'https://issuer.example' } }),
    ).toHaveLength(1);
  });
});

describe('base64 in such bytes', () => {
  const der = Buffer.from(certificate({ sans: [email(BOT)], extensions: [fulcio(1, 'https://issuer.example')] }));
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

  it.each([
    ['standard, in JSON', JSON.stringify({ raw: der.toString('base64') })],
    ['with its slashes escaped', JSON.stringify({ raw: der.toString('base64') }).replaceAll('/', '\\/')],
    ['of the URL alphabet, without padding', `(${der.toString('base64url')})`],
    ['PEM', pem],
    ['PEM with CR LF', pem.replaceAll('\n', '\r\n')],
    ['PEM in JSON', JSON.stringify({ pem })],
    ['base64 of PEM', JSON.stringify({ content: Buffer.from(pem).toString('base64') })],
    ['base64 of JSON with base64', Buffer.from(JSON.stringify({ raw: der.toString('base64') })).toString('base64')],
  ])('is looked into: %s', (_, text) => {
    expect(text).not.toContain(BOT);
    expect(find(text)).toHaveLength(1);
  });

  it('is looked into at any offset, whatever letters stand before it', () => {
    const surrounding = fc.string({ unit: fc.constantFrom('a', 'Z', '/', '+', ':', '"', ' '), maxLength: 9 });
    fc.assert(
      fc.property(surrounding, surrounding, fc.uint8Array({ maxLength: 5 }), (before, after, padding) => {
        const encoded = Buffer.concat([padding, Buffer.from(BOT), padding])
          .toString('base64')
          .replaceAll('=', '');
        expect(find(`${before}${encoded}${after}`)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('is not looked into without end', () => {
    const started = performance.now();
    let nested = BOT;
    for (let depth = 0; depth < 12; depth++) nested = Buffer.from(nested).toString('base64');
    expect(find(nested)).toEqual([]);
    expect(find('A'.repeat(1_000_000))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('other spellings in such bytes', () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const utf16be = Buffer.from(BOT, 'utf16le').swap16();

  it.each<[what: string, bytes: Uint8Array | string, notes: MatchNote[]]>([
    ['cut off by a NUL', `${BOT}\0.evil.example`, []],
    ['in UTF-16, low octet first', Buffer.from(BOT, 'utf16le'), ['wide-text']],
    ['in UTF-16, high octet first', utf16be, ['wide-text']],
    ['in UTF-16 and upper case', Buffer.from(BOT.toUpperCase(), 'utf16le'), ['wide-text']],
    ['in UTF-16 within base64', base64(utf16be), ['wide-text']],
    ['percent-encoded', 'x=release%2Dbot%40models.example', ['escapes']],
    ['percent-encoded whole', [...Buffer.from(BOT)].map((octet) => `%${octet.toString(16)}`).join(''), ['escapes']],
    ['with the escapes of JSON', '{"who":"release\\u002dbot\\u0040models.example"}', ['escapes']],
    ['with escapes within base64', base64(Buffer.from('{"who":"release\\u002Dbot@models.example"}')), ['escapes']],
    ['with a look-alike letter', 'who: release-b0t@models.example', ['look-alike']],
    ['with a Cyrillic letter', 'who: rel\u0435ase-bot@models.example', ['look-alike']],
    ['with a Cyrillic letter within base64', base64(Buffer.from('rel\u0435ase-bot@models.example')), ['look-alike']],
    ['with a Cyrillic letter as an escape', '{"who":"rel\\u0435ase-bot@models.example"}', ['look-alike']],
    ['with a zero-width space', 'release-bot\u200b@models.example', ['look-alike']],
  ])('are found: %s', (_, bytes, notes) => {
    expect(find(bytes)).toMatchObject([{ rule: 'bot', how: 'bytes', notes }]);
  });

  it('are never own ones where they only look alike', () => {
    expect(find(BOT)).toMatchObject([{ own: true }]);
    expect(find('release-b0t@models.example')).toMatchObject([{ own: false }]);
  });

  it('are passed over where the name stands as it is', () => {
    expect(find(`release-b0t@models.example ${BOT}`)).toMatchObject([{ notes: [] }]);
  });
});

describe('digests and keys in such bytes', () => {
  const spki = Buffer.from(
    '302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    'hex',
  );
  const digest = createHash('sha512').update('weights').digest();
  const fingerprint = createHash('sha256').update(spki).digest();
  const watched: WatchRule = { name: 'digest', own: false, digests: ['ab'.repeat(32), digest.toString('hex')] };
  const key: WatchRule = { name: 'key', own: true, keys: [{ sha256: fingerprint.toString('hex') }] };
  const known: WatchRule = { ...key, keys: [{ sha256: fingerprint.toString('hex'), spki: spki.toString('hex') }] };

  it.each<[string, Uint8Array | string]>([
    ['as bytes', digest],
    ['in hex', digest.toString('hex')],
    ['in upper case hex', digest.toString('hex').toUpperCase()],
    ['in base64', digest.toString('base64')],
    ['in base64 of the URL alphabet', digest.toString('base64url')],
    ['in hex within base64', Buffer.from(digest.toString('hex')).toString('base64')],
  ])('are found: a digest %s', (_, bytes) => {
    expect(find(bytes, watched)).toEqual([
      { rule: 'digest', own: false, field: 'bytes', value: digest.toString('hex'), how: 'bytes', notes: [] },
    ]);
  });

  it('are found: a fingerprint, and the key itself where it is known', () => {
    for (const form of [fingerprint, fingerprint.toString('hex'), fingerprint.toString('base64')]) {
      expect(find(form, key)).toMatchObject([{ rule: 'key', value: fingerprint.toString('hex') }]);
    }
    for (const form of [spki, spki.toString('base64'), `{"raw":"${spki.toString('base64').replaceAll('/', '\\/')}"}`]) {
      expect(find(form, known)).toHaveLength(1);
      expect(find(form, key)).toEqual([]);
    }
  });

  it('are looked for only where a rule does not name an identity', () => {
    const both: WatchRule = { ...watched, identity: { exact: BOT } };
    expect(find(digest, both)).toEqual([]);
    expect(find(BOT, both)).toHaveLength(1);
  });
});

describe('any bytes', () => {
  it('are found to hold the text exactly where they do', () => {
    const rules: WatchRule[] = [{ name: 'r', own: true, identity: { exact: 'abcabd' } }];
    const matcher = compileRules(rules);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'A', ' '), maxLength: 40 });
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.tuple(text, text).map((parts) => parts.join('abcabd')),
        ),
        (value) => {
          const expected = value.toLowerCase().includes('abcabd');
          expect(matcher.searchBytes(Buffer.from(value)).length > 0).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
