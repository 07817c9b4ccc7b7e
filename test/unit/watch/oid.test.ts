import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOid, isOid } from '#lib/watch/oid.ts';
import { oid } from './der-builder.ts';

const format = (...octets: readonly number[]) => formatOid(Uint8Array.from(octets), 0, octets.length);

describe('formatOid', () => {
  it('writes an identifier in dotted decimals', () => {
    expect(format(0x55, 0x1d, 0x11)).toBe('2.5.29.17');
    expect(format(0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, 0x18)).toBe('1.3.6.1.4.1.57264.1.24');
    expect(format(0x88, 0x37, 0x03)).toBe('2.999.3');
  });

  it('gives back what was encoded', () => {
    const arcs = fc.tuple(
      fc.oneof(
        fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 39 })),
        fc.tuple(fc.constant(2), fc.integer({ min: 0, max: 99_999 })),
      ),
      fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(arcs, ([head, rest]) => {
        const dotted = [...head, ...rest].join('.');
        const encoded = oid(dotted);
        expect(formatOid(encoded, 2, encoded.length)).toBe(dotted);
        expect(isOid(dotted)).toBe(true);
      }),
    );
  });

  it('knows octets that are none: empty, cut off, padded, past 2^53, longer than any', () => {
    expect(format()).toBeNull();
    expect(format(0x2b, 0x86)).toBeNull();
    expect(format(0x2b, 0x80, 0x01)).toBeNull();
    expect(format(0x2b, ...new Array<number>(9).fill(0xff), 0x7f)).toBeNull();
    expect(format(...new Array<number>(65).fill(0x01))).toBeNull();
  });
});

describe('isOid', () => {
  it.each(['', '1', '3.1', '1.40', '1.2.', '.1.2', '1.02', '1.2.x', '2.5.29.17 '])('refuses %j', (text) => {
    expect(isOid(text)).toBe(false);
  });
});
