import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '#lib/watch/certificate.ts';
import { NameTag } from '#lib/watch/certificate-walk.ts';
import { compileRules, type RuleMatch, type WatchRule } from '#lib/watch/rule.ts';
import {
  type CertificateParts,
  certificate,
  dns,
  element,
  email,
  extension,
  fulcio,
  otherName,
  uri,
} from './der-builder.ts';
import { ISSUED, issued } from './fixtures.ts';

const BOT = 'release-bot@models.example';
const ISSUER = 'https://issuer.example';
const issuers = [fulcio(1, ISSUER), fulcio(8, ISSUER)];
const bot: WatchRule = { name: 'bot', own: true, identity: { exact: BOT }, issuer: { exact: ISSUER } };

function matchDer(der: Uint8Array, ...rules: readonly WatchRule[]): readonly RuleMatch[] {
  const matching = compileRules(rules).matchCertificate(der);
  if ('undecided' in matching) throw new Error(matching.undecided);
  return matching.matches;
}

const match = (parts: CertificateParts, ...rules: readonly WatchRule[]) => matchDer(certificate(parts), ...rules);

describe('certificates that Fulcio issued', () => {
  it.each<[(typeof ISSUED)[number], WatchRule, Partial<RuleMatch>]>([
    [
      'email',
      { name: 'e', own: true, identity: { exact: 'alice@example.com' } },
      { field: 'san', value: 'alice@example.com' },
    ],
    [
      'actions',
      {
        name: 'g',
        own: false,
        identity: { glob: 'https://github.com/acme/*/.github/workflows/*@refs/tags/v*' },
        sanType: 'uri',
      },
      { field: 'san', own: false },
    ],
    [
      'actions',
      { name: 'x', own: true, extensions: { 'source-repository-identifier': { exact: '174148773' } } },
      { field: 'source-repository-identifier', value: '174148773' },
    ],
    [
      'actions',
      { name: 'o', own: true, extensions: { '1.3.6.1.4.1.57264.1.5': { exact: 'acme/models' } } },
      { field: 'github-workflow-repository', value: 'acme/models' },
    ],
    [
      'gitlab',
      { name: 'p', own: true, identity: { pattern: 'https://gitlab\\.com/acme/.*' }, issuer: { glob: '**/gitlab' } },
      { field: 'san' },
    ],
    [
      'gitlab',
      { name: 'i', own: true, issuer: { exact: 'http://127.0.0.1:38001/gitlab' } },
      { field: 'issuer', value: 'http://127.0.0.1:38001/gitlab' },
    ],
  ])('%s meets %o', (file, rule, expected) => {
    expect(matchDer(issued(file), rule)).toEqual([
      expect.objectContaining({ rule: rule.name, how: 'exact', notes: [], ...expected }),
    ]);
  });

  it('meets no rule of anyone else', () => {
    const rules: WatchRule[] = [
      bot,
      { name: 'other issuer', own: true, identity: { exact: 'alice@example.com' }, issuer: { exact: ISSUER } },
      { name: 'other kind', own: true, identity: { glob: '**' }, sanType: 'dns' },
      {
        name: 'other value',
        own: true,
        identity: { glob: '**' },
        extensions: { 'build-trigger': { exact: 'schedule' } },
      },
    ];
    for (const file of ISSUED) expect(matchDer(issued(file), ...rules)).toEqual([]);
  });
});

describe('a rule', () => {
  it('is met once a certificate, in the order of the rules', () => {
    const all: WatchRule = { name: 'all', own: false, identity: { glob: '**' } };
    const matches = match({ sans: [email(BOT), email(BOT)], extensions: issuers }, bot, all);
    expect(matches.map((found) => [found.rule, found.own])).toEqual([
      ['bot', true],
      ['all', false],
    ]);
  });

  it('finds its identity among several names, wherever it stands', () => {
    const names = [dns('x.example'), uri('https://x.example'), otherName('user!x.example'), email(BOT)];
    expect(match({ sans: names, extensions: issuers }, bot)).toHaveLength(1);
    expect(match({ sans: names.toReversed(), extensions: issuers }, bot)).toHaveLength(1);
  });

  it('prefers the name that is exact to one that only resembles it', () => {
    const [found] = match({ sans: [email(BOT.toUpperCase()), email(BOT)], extensions: issuers }, bot);
    expect(found).toMatchObject({ how: 'exact', value: BOT });
  });

  it('finds a user name in an OtherName', () => {
    const rule: WatchRule = {
      name: 'user',
      own: true,
      identity: { exact: 'bot!models.example' },
      sanType: 'other-name',
    };
    expect(match({ sans: [otherName('bot!models.example')] }, rule)).toHaveLength(1);
    expect(match({ sans: [email('bot!models.example')] }, rule)).toEqual([]);
  });

  it('finds addresses and directory names as they are shown', () => {
    const address = element(NameTag.ipAddress, Uint8Array.of(192, 0, 2, 1));
    expect(match({ sans: [address] }, { name: 'ip', own: true, identity: { exact: '192.0.2.1' } })).toHaveLength(1);
  });

  it('finds its extension among repeated ones', () => {
    const rule: WatchRule = {
      name: 'repository',
      own: true,
      extensions: { 'source-repository-uri': { exact: 'https://b.example' } },
    };
    expect(
      match({ extensions: [fulcio(12, 'https://a.example'), fulcio(12, 'https://b.example')] }, rule),
    ).toHaveLength(1);
  });

  it('is not met by another extension of the same value', () => {
    const rule: WatchRule = {
      name: 'digest',
      own: true,
      extensions: { 'source-repository-digest': { exact: 'abcdef' } },
    };
    expect(match({ extensions: [fulcio(10, 'abcdef'), fulcio(19, 'abcdef')] }, rule)).toEqual([]);
  });

  it('reports a value that only matches when folded, and why', () => {
    const [found] = match({ sans: [email(`${BOT}\0.evil.example`)], extensions: issuers }, bot);
    expect(found).toEqual({
      rule: 'bot',
      own: true,
      field: 'san',
      value: `${BOT}\\u{0}.evil.example`,
      how: 'folded',
      notes: ['cut-at-nul'],
    });
  });

  it('gathers the notes of all its criteria', () => {
    const [found] = match({ sans: [email(`${BOT}.`)], extensions: [fulcio(8, ISSUER.toUpperCase())] }, bot);
    expect(found).toMatchObject({ how: 'folded', notes: ['trailing-dot', 'case'] });
  });
});

describe('the issuer', () => {
  it.each([1, 8])('is found in extension %i alone', (number) => {
    expect(match({ sans: [email(BOT)], extensions: [fulcio(number, ISSUER)] }, bot)).toMatchObject([{ how: 'exact' }]);
  });

  it('that is another means another identity', () => {
    const other = [fulcio(1, 'https://other.example'), fulcio(8, 'https://other.example')];
    expect(match({ sans: [email(BOT)], extensions: other }, bot)).toEqual([]);
  });

  it('that is missing never means no match', () => {
    expect(match({ sans: [email(BOT)] }, bot)).toMatchObject([
      { field: 'san', how: 'folded', notes: ['issuer-missing'] },
    ]);
  });

  it('that is missing does not meet a rule of nothing but an issuer', () => {
    expect(match({ sans: [email(BOT)] }, { name: 'issuer', own: true, issuer: { exact: ISSUER } })).toEqual([]);
  });

  it('that differs between its encodings matches by either, and says so', () => {
    for (const [raw, utf8] of [
      [ISSUER, 'https://other.example'],
      ['https://other.example', ISSUER],
    ] as const) {
      const extensions = [fulcio(1, raw), fulcio(8, utf8)];
      expect(match({ sans: [email(BOT)], extensions }, bot)).toMatchObject([
        { how: 'exact', notes: ['issuers-differ'] },
      ]);
    }
  });

  it('that is in the wrong encoding matches by its bytes, as folded', () => {
    const extensions = [extension('1.3.6.1.4.1.57264.1.8', ISSUER)];
    expect(match({ sans: [email(BOT)], extensions }, bot)).toMatchObject([{ how: 'folded', notes: ['not-der'] }]);
  });
});

describe('a certificate that cannot be walked', () => {
  it('is undecided, never without a match, even if the identity came before the damage', () => {
    const matcher = compileRules([bot]);
    const good = certificate({ sans: [email(BOT)], extensions: issuers });
    for (const bad of [
      new Uint8Array(),
      good.subarray(0, -1),
      certificate({ sans: [email(BOT), element(0x89, 'x')] }),
    ]) {
      expect(matcher.matchCertificate(bad)).toEqual({
        undecided: expect.stringMatching(/^The certificate is not DER at octet \d+: /),
      });
    }
  });

  it('leaves nothing behind for the next one', () => {
    const matcher = compileRules([bot]);
    matcher.matchCertificate(certificate({ sans: [email(BOT)], extensions: issuers }));
    matcher.matchCertificate(new Uint8Array([0x30]));
    expect(matcher.matchCertificate(certificate({ sans: [email('a@x.example')] }))).toEqual({ matches: [] });
  });

  it('is undecided exactly where it cannot be read for showing', () => {
    const good = certificate({ sans: [email(BOT), otherName('a!b')], extensions: [...issuers, fulcio(24, 'subject')] });
    const change = fc.record({ at: fc.nat({ max: good.length - 1 }), octet: fc.integer({ min: 0, max: 255 }) });
    const matcher = compileRules([bot, { name: 'all', own: false, identity: { pattern: '.*' } }]);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const bytes = Uint8Array.from(good);
        for (const { at, octet } of changes) bytes[at] = octet;
        let isReadable = true;
        try {
          readCertificate(bytes);
        } catch {
          isReadable = false;
        }
        expect('matches' in matcher.matchCertificate(bytes)).toBe(isReadable);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('any identity', () => {
  it('is met by a rule that spells it out, beside whatever other names', () => {
    const value = fc.string({ minLength: 1, maxLength: 40, unit: 'binary-ascii' });
    const names = fc.array(fc.tuple(fc.constantFrom(email, uri, dns, otherName), value), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, fc.nat(), (all, pick) => {
        const [, watched = ''] = all[pick % all.length] ?? [];
        const sans = all.map(([make, text]) => make(text));
        expect(match({ sans }, { name: 'r', own: true, identity: { exact: watched } })).toMatchObject([
          { how: 'exact' },
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
