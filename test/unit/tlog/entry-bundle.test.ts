import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeEntryBundle, hashBundleInPlace, hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { refusal } from './refusal.ts';

const someEntries = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 });

describe('an entry bundle', () => {
  test('is read as it was written, as views of its bytes', () => {
    fc.assert(
      fc.property(someEntries, (entries) => {
        const bytes = encodeEntryBundle(entries);
        const parsed = parseEntryBundle(bytes, entries.length);
        expect(parsed).toEqual(entries);
        expect(parsed.every((entry) => entry.buffer === bytes.buffer)).toBe(true);
        const leaves = entries.map((entry) => hashLeaf(entry));
        expect(hashEntryBundle(parsed)).toEqual(leaves);
        expect(hashBundleInPlace(bytes, parsed)).toEqual(leaves);
        expect(bytes, 'put back').toEqual(encodeEntryBundle(entries));
      }),
    );
  });

  test('is read wherever it lies in a buffer', () => {
    const bytes = encodeEntryBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    const buffer = new Uint8Array(bytes.length + 20).fill(0xff);
    buffer.set(bytes, 9);
    expect(parseEntryBundle(buffer.subarray(9, 9 + bytes.length), 2)).toEqual([
      Uint8Array.of(1, 2, 3),
      Uint8Array.of(4),
    ]);
  });

  test('has its lengths in big-endian order, up to 65,535', () => {
    expect(encodeEntryBundle([new Uint8Array(258)]).subarray(0, 2)).toEqual(Uint8Array.of(1, 2));
    const longest = encodeEntryBundle([new Uint8Array(65_535).fill(7)]);
    expect(parseEntryBundle(longest, 1)[0]).toHaveLength(65_535);
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(refusal('bad-bundle'));
  });

  test('is refused with one entry more or less, and with bytes missing or left over', () => {
    const entries = [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)];
    const bytes = encodeEntryBundle(entries);
    for (const width of [1, 2, 4, 256]) expect(() => parseEntryBundle(bytes, width)).toThrow(refusal('bad-bundle'));
    for (const width of [0, -1, 257, 1.5]) expect(() => parseEntryBundle(bytes, width)).toThrow(refusal('bad-bundle'));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseEntryBundle(bytes.subarray(0, length), 3)).toThrow(refusal('bad-bundle'));
    }
    expect(() => parseEntryBundle(Uint8Array.of(...bytes, 0), 3)).toThrow(refusal('bad-bundle'));
    expect(() => encodeEntryBundle([])).toThrow(refusal('bad-bundle'));
    expect(() => encodeEntryBundle(new Array(257).fill(new Uint8Array(1)))).toThrow(refusal('bad-bundle'));
  });

  test('that is read from any bytes at all is made of just these bytes', () => {
    const shortLengths = fc
      .array(fc.constantFrom(0, 0, 0, 1, 2, 3), { maxLength: 30 })
      .map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(
        fc.oneof(shortLengths, fc.uint8Array({ maxLength: 40 })),
        fc.integer({ min: 1, max: 6 }),
        (bytes, width) => {
          try {
            expect(encodeEntryBundle(parseEntryBundle(bytes, width))).toEqual(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(TlogError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
