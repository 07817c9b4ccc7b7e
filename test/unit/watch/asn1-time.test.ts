import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAsn1Time } from '#lib/watch/asn1-time.ts';
import { Tag } from '#lib/watch/der.ts';

describe('parseAsn1Time', () => {
  it('reads both forms as UTC, and a two-digit year as RFC 5280 splits the centuries', () => {
    expect(parseAsn1Time(Tag.utcTime, '261122215748Z')).toBe(Date.UTC(2026, 10, 22, 21, 57, 48));
    expect(parseAsn1Time(Tag.utcTime, '500101000000Z')).toBe(Date.UTC(1950, 0, 1));
    expect(parseAsn1Time(Tag.utcTime, '491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(parseAsn1Time(Tag.generalizedTime, '99991231235959Z')).toBe(Date.UTC(9999, 11, 31, 23, 59, 59));
  });

  it('reads every second that a certificate can name', () => {
    const seconds = fc.integer({ min: Date.UTC(1000, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const text = `${new Date(second * 1000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
        expect(parseAsn1Time(Tag.generalizedTime, text)).toBe(second * 1000);
      }),
    );
  });

  it.each([
    [Tag.utcTime, '260230000000Z'],
    [Tag.utcTime, '261301000000Z'],
    [Tag.utcTime, '260101240000Z'],
    [Tag.utcTime, '260101000060Z'],
    [Tag.utcTime, '2601010000Z'],
    [Tag.utcTime, '260101000000+0100'],
    [Tag.utcTime, '20260101000000Z'],
    [Tag.generalizedTime, '20260101000000.5Z'],
    [Tag.generalizedTime, '260101000000Z'],
    [Tag.utf8String, '260101000000Z'],
  ])('refuses tag %i, %s', (tag, text) => {
    expect(parseAsn1Time(tag, text)).toBeNull();
  });
});
