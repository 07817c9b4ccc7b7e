import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { globLiteral, patternLiteral } from '#lib/watch/literal.ts';

describe('the text that no match lacks', () => {
  it('is the longest run between the wildcards of a glob', () => {
    expect(globLiteral('https://github.com/acme/*/release?yml')).toBe('https://github.com/acme/');
    expect(globLiteral('**')).toBe('');
  });

  it.each([
    ['https://github\\.com/acme/[^/]+/release', 'https://github.com/acme/'],
    ['.*@models\\.example', '@models.example'],
    ['(?i)release-bot@.*', 'release-bot@'],
    ['abcdef+ghi', 'abcde'],
    ['abc?defg', 'defg'],
    ['ab{2}cdefg', 'cdefg'],
    ['x{,2}', 'x{,2}'],
    ['(abcdefghi)?jkl', 'jkl'],
    ['[]abcdefgh]ij', 'ij'],
    ['[[:alpha:]abcdef]ij', 'ij'],
    ['[\\]abcdef]ij', 'ij'],
    ['(?:a[)]bcdefg)ij', 'ij'],
    ['(a\\)bcdefg)ij', 'ij'],
    ['\\Qabcdefg\\Eij', 'ij'],
    ['\\x{41}bcd', 'bcd'],
    ['\\pLabc', 'abc'],
    ['\\dabc\\b', 'abc'],
    ['modèle', 'mod'],
    ['', ''],
  ])('of %s is %j', (pattern, literal) => {
    expect(RE2JS.compile(pattern)).toBeDefined();
    expect(patternLiteral(pattern)).toBe(literal);
  });

  it.each(['abcdef|ghijkl', 'abc|', '(?i)abcdef|x'])('is uncertain in an alternation: %s', (pattern) => {
    expect(patternLiteral(pattern)).toBe('');
  });

  it('stands in every text that a pattern matches', () => {
    const atom = fc.constantFrom(
      ...[
        'a',
        'b',
        'ab',
        '\\.',
        '.',
        '[ab]',
        '[^a]',
        '(a|b)',
        '(?:ab)',
        '\\d',
        '\\w',
        '(a(b)|[)])',
        '\\Qa.b\\E',
        '\\x61',
      ],
    );
    const quantifier = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,1}', '*?');
    const pattern = fc
      .array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.map((part) => part.join('')).join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '.', ')', '1'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (source, value) => {
        if (RE2JS.compile(source).testExact(value)) expect(value).toContain(patternLiteral(source));
      }),
      { numRuns: 5000 },
    );
  });
});
