import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
