import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#lib/tlog/hex.ts';
import { refusal } from './refusal.ts';

describe('hex', () => {
  test('is lower case, there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['0', 'AB', '0x', 'zz', '00\n', ' 00', '0 '])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(refusal('bad-hex'));
  });
});
