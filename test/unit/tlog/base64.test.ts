import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '#lib/tlog/base64.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { refusal } from './refusal.ts';

describe('base64', () => {
  test('is that of RFC 4648, there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  test('has one text for each sequence of bytes: whatever is read is spelled alike', () => {
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'AQZaz09+/=-_ \n\u0141\u{1f600}'), maxLength: 12 }),
      fc.base64String().map((text) => text.replace(/=+$/, '')),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(encodeBase64(decodeBase64(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    'QQ',
    'QQ=',
    'QR==',
    'QUJ=',
    'Q===',
    '====',
    '=QQ=',
    'QQ==QQ==',
    'QQ==\n',
    ' QQ=',
    'QUI-',
    'QUI_',
    'QUJ\u0141',
  ])('refuses %j', (text) => {
    expect(() => decodeBase64(text)).toThrow(refusal('bad-base64'));
  });
});
