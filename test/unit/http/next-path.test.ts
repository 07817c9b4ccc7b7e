import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPath } from '#lib/http/next-path.ts';

describe('where a sign-in leads to', () => {
  it('is a page of ours, with its query', () => {
    for (const path of ['/', '/events?claim=model&q=a%20b', '/models/x#files', '/settings/account']) {
      expect(nextPath(path)).toBe(path);
    }
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/%0d%0aSet-Cookie: x=1',
    '/a\r\nSet-Cookie: x=1',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/sign-in',
    '/sign-in?next=/sign-in',
    '/sign-out',
    '/setup',
    `/${'a'.repeat(2001)}`,
    '',
    null,
    undefined,
  ])('is the overview for %j', (text) => {
    expect(nextPath(text)).toBe('/');
  });

  it('stays on the site, whatever it is given', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '//',
      'evil.example',
      '%2f',
      '%5c',
      '?',
      '#',
      '\t',
      'a',
      'http:',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => `/${parts.join('')}`),
        ),
        (text) => {
          expect(new URL(nextPath(text), 'https://modeltrail.example').origin).toBe('https://modeltrail.example');
        },
      ),
      { numRuns: 2000 },
    );
  });
});
