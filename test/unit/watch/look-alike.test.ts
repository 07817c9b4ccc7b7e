import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldValue } from '#lib/watch/field-value.ts';
import { howOf, type MatchNote } from '#lib/watch/match-note.ts';
import { Reading } from '#lib/watch/readings.ts';
import { skeletonOf } from '#lib/watch/skeleton.ts';
import { compileValue, matchValue, type ValueMatcher } from '#lib/watch/value-matcher.ts';

function match(matcher: ValueMatcher, value: string): readonly MatchNote[] | null {
  const bytes = new TextEncoder().encode(value);
  const field = new FieldValue();
  field.set(1, bytes, 0, bytes.length);
  return matchValue(compileValue(matcher), field);
}

const BOT = 'release-bot@models.example';
const WORKFLOW = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1';

describe('an exact rule', () => {
  it.each<[what: string, value: string, notes: MatchNote[]]>([
    ['a digit for a letter', 'release-b0t@models.example', ['look-alike']],
    ['two letters for one', 'release-bot@rnodels.example', ['look-alike']],
    ['a Cyrillic letter', 'rele\u0430se-bot@models.example', ['look-alike']],
    ['a domain that looks alike', 'release-bot@mode1s.example', ['look-alike']],
    ['a domain that looks alike in Punycode', 'release-bot@xn--mdels-jye.example', ['punycode', 'look-alike']],
    ['a zero-width space', 'release-bot\u200b@models.example', ['zero-width']],
    ['a trailing space', 'release-bot@models.example ', ['zero-width']],
    ['a line break', 'release-bot@models.example\r\n', ['zero-width']],
    ['an override of the direction of writing', '\u202erelease-bot@models.example', ['bidi']],
    ['all of it', '\u2066r\u0435lease-bot\u200b@models.example', ['bidi', 'zero-width', 'look-alike']],
    ['a look-alike behind percent-encoding', 'release-b0t%40models.example', ['percent-encoding', 'look-alike']],
    ['a look-alike before a NUL', 'release-b0t@models.example\0x', ['cut-at-nul', 'look-alike']],
  ])('is met by what only looks like it: %s', (_, value, notes) => {
    expect(match({ exact: BOT }, value)).toEqual(notes);
    expect(howOf(notes)).toBe('look-alike');
  });

  it('is met by its own host in Punycode as another spelling, not as another name', () => {
    const notes = match({ exact: 'bot@b\u00fccher.example' }, 'bot@xn--bcher-kva.example');
    expect(notes).toEqual(['punycode']);
    expect(howOf(notes ?? [])).toBe('folded');
  });

  it('is met as it stands where that looks odd itself', () => {
    for (const odd of ['re1ease-b0t@models.example', 'b\u043et@x.example', 'a\u200bb', 'bot@xn--bcher-kva.example']) {
      expect(match({ exact: odd }, odd)).toEqual([]);
    }
  });

  it('of blanks alone is met by nothing but itself', () => {
    expect(match({ exact: '  ' }, '  ')).toEqual([]);
    expect(match({ exact: '  ' }, '\u200b')).toBeNull();
    expect(match({ exact: '  ' }, '')).toBeNull();
  });

  it('is not met by a name that differs by a letter, or is longer', () => {
    for (const other of [
      'release-bat@models.example',
      'prerelease-bot@models.example',
      'release-bot@models.example.org',
    ]) {
      expect(match({ exact: BOT }, other)).toBeNull();
    }
  });
});

describe('a glob rule', () => {
  const glob = { glob: 'https://github.com/acme/*/.github/workflows/*@refs/tags/**' };

  it.each<[what: string, value: string, notes: MatchNote[]]>([
    ['in its head', WORKFLOW.replace('github.com', 'g1thub.com'), ['look-alike']],
    ['in its middle', WORKFLOW.replace('/workflows/', '/workf1ows/'), ['look-alike']],
    ['in two letters for one', WORKFLOW.replace('github.com', 'github.corn'), ['look-alike']],
    ['in a Cyrillic letter', WORKFLOW.replace('acme', '\u0430cme'), ['look-alike']],
    ['in an invisible one', WORKFLOW.replace('acme', 'ac\u2060me'), ['zero-width']],
  ])('is met by what looks like its fixed text: %s', (_, value, notes) => {
    expect(match(glob, WORKFLOW)).toEqual([]);
    expect(match(glob, value)).toEqual(notes);
  });

  it('is not met where its wildcards do not reach', () => {
    expect(match(glob, WORKFLOW.replace('models', 'mode1s/other').replace('acme', 'acrne'))).toBeNull();
    expect(match({ glob: '*@models.example' }, 'bot@models.example.org')).toBeNull();
    expect(match({ glob: 'v?' }, 'v12')).toBeNull();
  });

  it('is found at its end alone', () => {
    expect(match({ glob: '*@models.example' }, 'bot@mode1s.example')).toEqual(['look-alike']);
  });
});

describe('a pattern rule', () => {
  const pattern = { pattern: '[a-z-]+@models\\.example' };

  it('is met by what looks like ASCII that meets it', () => {
    expect(match(pattern, 'r\u0435lease-bot@models.example')).toEqual(['look-alike']);
    expect(match(pattern, 'release-bot@models\u3002example')).toEqual(['look-alike']);
    expect(match(pattern, 'release-bot\u200d@models.example')).toEqual(['zero-width']);
  });

  it('takes ASCII at its word', () => {
    expect(match(pattern, 'release-b0t@models.example')).toBeNull();
  });
});

describe('any rule', () => {
  const unit = fc.constantFrom(...'rnmvwW1lIi0oO.-@/', '\u0435', '\u200b', 'K', 'ſ');
  const text = fc.string({ unit, minLength: 1, maxLength: 10 });
  const glob = fc.string({ unit: fc.oneof(unit, fc.constantFrom('*', '?', '**')), minLength: 1, maxLength: 10 });
  const ascii = fc.string({ unit: fc.constantFrom(...'rnmvwW1lIi0oOks-@'), minLength: 1, maxLength: 10 });

  it('that spells a value out is met by it exactly', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(match({ exact: value }, value)).toEqual([]);
        expect(match({ glob: value }, value)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('is met by a look-alike exactly where the skeletons are equal', () => {
    fc.assert(
      fc.property(text, ascii, (rule, value) => {
        expect(match({ exact: rule }, value) !== null).toBe(skeletonOf(rule) === skeletonOf(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('is quick to pass over a value only where nothing of it could hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          glob.map((pattern) => ({ glob: pattern })),
          text.map((exact) => ({ exact })),
        ),
        ascii,
        (rule, value) => {
          const matcher = compileValue(rule);
          const reading = new Reading(value, []);
          const holds =
            matcher.test(value) || matcher.testFolded(value.toLowerCase()) || matcher.likeness.test(reading);
          expect(match(rule, value) !== null).toBe(holds);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
