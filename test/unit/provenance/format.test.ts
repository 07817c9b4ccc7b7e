import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatIso, formatPlural, formatUtc } from '#lib/provenance/format.ts';

const AT = Date.UTC(2026, 2, 12, 9, 14, 3);

describe('times', () => {
  it('are written in UTC, whatever the time zone of the process', () => {
    expect(formatUtc(AT)).toBe('12 Mar 2026 09:14:03 UTC');
    expect(formatIso(AT)).toBe('2026-03-12T09:14:03.000Z');
  });

  it('never throw, whatever number is stored', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer()), (ms) => {
        expect(formatUtc(ms)).toMatch(/UTC$/);
        expect(typeof formatIso(ms)).toBe('string');
      }),
    );
  });

  it('tell an age in one unit, and say so when it lies in the future', () => {
    expect(formatAge(AT, AT + 12_000)).toBe('12 s ago');
    expect(formatAge(AT, AT + 4 * 60_000)).toBe('4 min ago');
    expect(formatAge(AT, AT + 26 * 3_600_000)).toBe('26 h ago');
    expect(formatAge(AT, AT + 40 * 86_400_000)).toBe('40 days ago');
    expect(formatAge(AT, AT + 1200 * 86_400_000)).toBe('3 years ago');
    expect(formatAge(AT, AT - 3_600_000)).toBe('in the future');
  });

  it('tell a duration in its two largest units', () => {
    expect(formatDuration(12_300)).toBe('12 s');
    expect(formatDuration(3 * 3_600_000 + 20 * 60_000)).toBe('3 h 20 min');
    expect(formatDuration(5 * 86_400_000)).toBe('5 d');
    expect(formatDuration(-1)).toBe('0 s');
  });
});

describe('numbers', () => {
  it('agree with their nouns', () => {
    expect(formatPlural(1, 'file')).toBe('1 file');
    expect(formatPlural(1234, 'entry', 'entries')).toBe('1,234 entries');
  });

  it('of bytes are given in decimal units', () => {
    expect(formatBytes(812)).toBe('812 B');
    expect(formatBytes(104_857_600)).toBe('104.9 MB');
  });
});
