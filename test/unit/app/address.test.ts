import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPlace, parsePlace, withoutEmptyParts } from '#app/_server/address.ts';
import { parseUtcInput } from '#app/_server/utc-input.ts';

describe('a place in a list', () => {
  it('survives the address', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e14, max: 1e14 }), fc.stringMatching(/^[a-z]{3}_[0-9a-f]{24}$/), (at, id) => {
        expect(parsePlace(formatPlace({ at, id }))).toEqual({ at, id });
      }),
    );
  });

  it('that is broken is none', () => {
    for (const text of [null, '', '.', '1.', '.evt_a', '1e9.evt_a', '1.evt a', '1.2.3', `${'9'.repeat(30)}.a`])
      expect(parsePlace(text)).toBeNull();
  });
});

describe('the parts that a form leaves empty', () => {
  it('are taken out, and nothing else', () => {
    expect(withoutEmptyParts({ q: '', claim: 'model', own: ['true'] })).toBe('?claim=model&own=true');
    expect(withoutEmptyParts({ q: '' })).toBe('');
    expect(withoutEmptyParts({ q: 'a b' })).toBeNull();
    expect(withoutEmptyParts({})).toBeNull();
  });
});

describe('a time that somebody wrote', () => {
  const start = Date.UTC(2026, 2, 12, 9, 14, 3);

  it('is read in UTC as the span it means: a day, a minute, a second', () => {
    expect(parseUtcInput('2026-03-12')).toEqual({ start: Date.UTC(2026, 2, 12), end: Date.UTC(2026, 2, 13) });
    expect(parseUtcInput(' 2026-03-12 09:14 ')).toEqual({ start: start - 3000, end: start + 57_000 });
    expect(parseUtcInput('2026-03-12T09:14:03Z')).toEqual({ start, end: start + 1000 });
  });

  it('is refused where it is no date of the calendar', () => {
    for (const text of [
      '',
      'yesterday',
      '2026-02-30',
      '2026-13-01',
      '2026-03-12 25:00',
      '12.3.2026',
      '2026-03-12T09:14+02:00',
    ]) {
      expect(parseUtcInput(text)).toBeNull();
    }
  });
});
