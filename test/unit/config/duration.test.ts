import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '#lib/config/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it('reads any whole number of any unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (count) => {
        expect(parseDuration(`${count}ms`)).toBe(count);
        expect(parseDuration(`${count}m`)).toBe(count * 60_000);
      }),
    );
  });

  it.each(['', '30', 's', '0s', '-5s', '1.5s', '05s', '5 s', '5S', '5d', '1m30s', '9999999999s', '5s\n'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});
