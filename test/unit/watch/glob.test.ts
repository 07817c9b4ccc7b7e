import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '#lib/watch/glob.ts';

const matches = (glob: string, text: string) => compileGlob(glob)(text);

describe('a glob', () => {
  it('matches whole texts only', () => {
    expect(matches('models', 'models')).toBe(true);
    expect(matches('models', 'models2')).toBe(false);
    expect(matches('models', 'our-models')).toBe(false);
    expect(matches('', '')).toBe(true);
    expect(matches('', 'a')).toBe(false);
  });

  it('stops * at a slash, and lets ** pass', () => {
    expect(matches('https://github.com/acme/*', 'https://github.com/acme/models')).toBe(true);
    expect(matches('https://github.com/acme/*', 'https://github.com/acme/models/x')).toBe(false);
    expect(matches('https://github.com/acme/**', 'https://github.com/acme/models/x')).toBe(true);
    expect(matches('https://github.com/*/models', 'https://github.com/acme/evil/models')).toBe(false);
  });

  it('takes ? for one character, of however many code units, but no slash', () => {
    expect(matches('v?', 'v1')).toBe(true);
    expect(matches('v?', 'v😀')).toBe(true);
    expect(matches('v?', 'v')).toBe(false);
    expect(matches('a?b', 'a/b')).toBe(false);
  });

  it('takes everything else for itself: no classes, no escapes, no expressions', () => {
    expect(matches('[a-z]+@x.example', 'b@x.example')).toBe(false);
    expect(matches('a.c', 'abc')).toBe(false);
    expect(matches('{a,b}', 'a')).toBe(false);
    expect(matches('a\\*', 'a\\anything')).toBe(true);
  });

  it('lets a wildcard stand for nothing, for line breaks and for NUL', () => {
    expect(matches('a*b**c', 'abc')).toBe(true);
    expect(matches('a*c', 'a\n\0c')).toBe(true);
  });

  it('does not let head and tail share characters', () => {
    expect(matches('aba*aba', 'aba')).toBe(false);
    expect(matches('aba*aba', 'ababa')).toBe(false);
    expect(matches('aba*aba', 'abaaba')).toBe(true);
  });

  it('equals the same glob written as a regular expression', () => {
    const glob = fc.array(fc.constantFrom('a', 'b', '/', '*', '**', '?', '.', '😀'), { maxLength: 10 });
    const text = fc.array(fc.constantFrom('a', 'b', '/', '.', '\n', '😀'), { maxLength: 12 });
    fc.assert(
      fc.property(glob, text, (globParts, textParts) => {
        const pattern = globParts.join('');
        const value = textParts.join('');
        expect(matches(pattern, value)).toBe(asExpression(pattern).test(value));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes time that grows with the text, however the glob is made', () => {
    const text = `${'a'.repeat(50_000)}!`;
    const started = performance.now();
    expect(matches(`${'*a'.repeat(20)}b*`, text)).toBe(false);
    expect(matches(`${'**a*'.repeat(20)}b**`, text)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

function asExpression(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*+|\*|\?|[^*?]/gu, (part) => {
    if (part.startsWith('**')) return '[^]*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[./]/, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}
