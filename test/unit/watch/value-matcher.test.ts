import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldValue } from '#lib/watch/field-value.ts';
import type { MatchNote } from '#lib/watch/match-note.ts';
import { compileValue, matchValue, PatternError, type ValueMatcher } from '#lib/watch/value-matcher.ts';

function match(matcher: ValueMatcher, value: string | Uint8Array): readonly MatchNote[] | null {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const field = new FieldValue();
  field.set(1, bytes, 0, bytes.length);
  return matchValue(compileValue(matcher), field);
}

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const BOT = 'release-bot@models.example';

describe('an exact rule', () => {
  it('matches the same bytes and no others', () => {
    expect(match({ exact: BOT }, BOT)).toEqual([]);
    expect(match({ exact: BOT }, `${BOT}x`)).toBeNull();
    expect(match({ exact: BOT }, `x${BOT}`)).toBeNull();
    expect(match({ exact: BOT }, BOT.slice(0, -1))).toBeNull();
    expect(match({ exact: 'modèle' }, 'modèle')).toEqual([]);
  });

  it('takes none of its characters for a wildcard', () => {
    expect(match({ exact: '*@models.example' }, BOT)).toBeNull();
    expect(match({ exact: 'release.bot@models.example' }, BOT)).toBeNull();
  });

  it('does not take 0xE1 for "a"', () => {
    expect(match({ exact: 'alice@x.example' }, latin1('álice@x.example'))).toEqual(['not-utf8', 'look-alike']);
    expect(match({ exact: 'ulice@x.example' }, latin1('\xf5lice@x.example'))).toBeNull();
  });

  it.each<[what: string, value: string | Uint8Array, notes: MatchNote[]]>([
    ['another case', 'Release-Bot@MODELS.example', ['case']],
    ['a NUL and more behind it', `${BOT}\0.evil.example`, ['cut-at-nul']],
    ['a dot at the end', `${BOT}.`, ['trailing-dot']],
    ['percent-encoding', 'release-bot%40models.example', ['percent-encoding']],
    ['all of it', 'Release-Bot%40models.example.\0x', ['cut-at-nul', 'percent-encoding', 'trailing-dot', 'case']],
  ])('matches as folded, and says why: %s', (_, value, notes) => {
    expect(match({ exact: BOT }, value)).toEqual(notes);
  });

  it('matches Latin-1 as folded', () => {
    expect(match({ exact: 'modèle@x.example' }, latin1('modèle@x.example'))).toEqual(['not-utf8']);
  });

  it('matches a host with a final dot within a URI as folded', () => {
    expect(match({ exact: 'https://github.com/acme' }, 'https://github.com./acme')).toEqual(['trailing-dot']);
    expect(match({ exact: 'https://github.com/acme' }, 'https://github.com.')).toBeNull();
  });

  it('matches its own text exactly even where that looks like an evasion', () => {
    for (const odd of ['50%41', 'a.', 'https://x.example./y', 'a\0b']) expect(match({ exact: odd }, odd)).toEqual([]);
  });
});

describe('a glob rule', () => {
  const glob = { glob: 'https://github.com/acme/*/.github/workflows/*@refs/tags/**' };
  const workflow = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1/2';

  it('matches exactly, and folded with a reason', () => {
    expect(match(glob, workflow)).toEqual([]);
    expect(match(glob, workflow.replace('acme', 'ACME'))).toEqual(['case']);
    expect(match(glob, workflow.replace('acme', '%61cme'))).toEqual(['percent-encoding']);
    expect(match(glob, workflow.replace('acme', 'acme-evil'))).toBeNull();
  });

  it('reads a value with a NUL whole and cut', () => {
    expect(match({ glob: '*@x.example' }, 'a@x.example\0.evil')).toEqual(['cut-at-nul']);
    expect(match({ glob: '*.evil' }, 'a@x.example\0.evil')).toEqual([]);
  });
});

describe('a pattern rule', () => {
  it('must match the whole value, alternations and anchors of its own included', () => {
    expect(match({ pattern: 'release-bot@.*' }, BOT)).toEqual([]);
    expect(match({ pattern: 'bot@models' }, BOT)).toBeNull();
    expect(match({ pattern: 'release|release-bot@models\\.example' }, BOT)).toEqual([]);
    expect(match({ pattern: 'release|other' }, BOT)).toBeNull();
    expect(match({ pattern: '^release-bot@models\\.example$' }, BOT)).toEqual([]);
    expect(match({ pattern: '(?m)^release-bot@models\\.example$' }, `${BOT}\nx`)).toBeNull();
  });

  it('is not evaded with a line break: a dot is any character', () => {
    expect(match({ pattern: 'release-bot@.*' }, 'release-bot@models\n.example')).toEqual([]);
  });

  it('matches as folded in another case, even where its own classes name one case only', () => {
    expect(match({ pattern: '[a-z-]+@models\\.example' }, 'RELEASE-BOT@models.example')).toEqual(['case']);
    expect(match({ pattern: '[^A-Z]+@models\\.example' }, BOT)).toEqual([]);
  });

  it.each([
    ['(ab', 'missing closing )', null],
    ['a[', 'missing closing ]', 1],
    ['ab**', 'invalid nested repetition operator', 2],
    ['(?<=a)b', 'invalid named capture', null],
    ['a\\8', 'invalid escape sequence', 1],
    ['(?:[a-z]{100}x?){10}'.repeat(8), 'too large', null],
  ])('refuses %s, with reason and place', (pattern, reason, position) => {
    const error = thrown(() => compileValue({ pattern }));
    expect(error).toBeInstanceOf(PatternError);
    expect((error as PatternError).message).toContain(reason);
    if (position !== null) expect((error as PatternError).position).toBe(position);
  });

  it.each(['(a+)+$', '(a|aa)+$', '(a|a?)+$', '(.*a){20}', '(?:a*b?){60}c', '(x{0,30}){0,30}y'])(
    'takes time that grows with the value: %s on 50 kB',
    (pattern) => {
      const started = performance.now();
      expect(match({ pattern }, `${'a'.repeat(50_000)}!`)).toBeNull();
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
});

describe('any rule', () => {
  const character = fc.constantFrom('a', 'b', 'A', '.', '/', '%', '4', '1', '\0', 'é', '@');
  const text = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''));

  it('that spells out a value matches it exactly, and in any case as folded at worst', () => {
    fc.assert(
      fc.property(text, (value) => {
        const pattern = value.replaceAll(/[.]/g, '\\.').replaceAll('\0', '\\x00');
        for (const matcher of [{ exact: value }, { glob: value }, { pattern }]) {
          expect(match(matcher, value)).toEqual([]);
          expect(match(matcher, value.toUpperCase())).not.toBeNull();
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is quick to pass over a value only where the slow way would too', () => {
    fc.assert(
      fc.property(text, text, (rule, value) => {
        const matcher = compileValue({ exact: rule });
        const slow = matcher.test(value) || matcher.testFolded(value.toLowerCase());
        if (slow) expect(match({ exact: rule }, value)).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
});

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
