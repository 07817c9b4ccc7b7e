import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floorLog2, isSize, MAX_SIZE, parseDecimal, popcount, trailingZeros } from '#lib/tlog/size.ts';

const bits = (n: number) => BigInt(n).toString(2);
const sizes = fc.oneof(
  fc.nat(1000),
  fc.maxSafeNat(),
  fc.tuple(fc.nat(52), fc.integer({ min: -1, max: 1 })).map(([level, offset]) => 2 ** level + offset),
);

describe('sizes up to 2^53 - 1', () => {
  test('are counted bit by bit as their binary notation says', () => {
    fc.assert(
      fc.property(sizes, (n) => {
        expect(popcount(n)).toBe(bits(n).replaceAll('0', '').length);
        if (n === 0) return;
        expect(floorLog2(n)).toBe(bits(n).length - 1);
        expect(trailingZeros(n)).toBe(bits(n).length - bits(n).lastIndexOf('1') - 1);
      }),
    );
    expect(floorLog2(MAX_SIZE)).toBe(52);
    expect(popcount(MAX_SIZE)).toBe(53);
    expect(trailingZeros(0)).toBeGreaterThan(floorLog2(MAX_SIZE));
  });

  test('are read from the decimal text that they print as', () => {
    fc.assert(
      fc.property(sizes, (n) => {
        expect(parseDecimal(String(n))).toBe(n);
      }),
    );
  });

  test.each([
    '',
    '00',
    '01',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1\n',
    '1.0',
    '1e3',
    '0x10',
    '١',
    '9007199254740992',
    '99999999999999999999',
  ])('are not read from %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('do not include %d', (n) => {
    expect(isSize(n)).toBe(false);
  });
});
