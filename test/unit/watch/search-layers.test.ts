import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DECODED, MAX_SKELETON, searchLayers } from '#lib/watch/search-layers.ts';

/** What is searched of an input, in bytes, and in how many forms. */
function measure(bytes: Uint8Array): { plain: number; drawn: number; layers: number } {
  const measured = { plain: 0, drawn: 0, layers: 0 };
  for (const { bytes: layer, isSkeleton } of searchLayers(bytes)) {
    measured[isSkeleton ? 'drawn' : 'plain'] += layer.length;
    measured.layers++;
  }
  return measured;
}

/** Each byte in three forms at most; in skeletons, a character of three octets may stand for eighteen. */
function expectBounded(bytes: Uint8Array): void {
  const { plain, drawn } = measure(bytes);
  expect(plain).toBeLessThanOrEqual(3 * (bytes.length + MAX_DECODED));
  expect(drawn).toBeLessThanOrEqual(18 * MAX_SKELETON);
}

describe('the forms in which bytes are searched', () => {
  it('are one, and its skeleton, for bytes with nothing in them', () => {
    expect(measure(Buffer.from('{"kind":"x"}'))).toMatchObject({ layers: 2 });
  });

  it('are bounded for any bytes', () => {
    const run = fc.string({ unit: fc.constantFrom(...'Aa0+/-_%=\\u\0', ' ', '\n'), maxLength: 4000 });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 20 }), (parts) => expectBounded(Buffer.from(parts.join('')))),
      { numRuns: 200 },
    );
  });

  it.each<[what: string, bytes: () => Uint8Array]>([
    ['a megabyte of one letter', () => Buffer.alloc(1_000_000, 'A')],
    ['base64 in base64 in base64', () => nested(3, Buffer.alloc(300_000, 'x'))],
    ['short runs without end', () => Buffer.from(`${'A'.repeat(24)} `.repeat(40_000))],
    ['percent signs', () => Buffer.from('%41'.repeat(300_000))],
    ['escapes of JSON', () => Buffer.from('\\u0041'.repeat(150_000))],
    ['broken escapes', () => Buffer.from('\\u'.repeat(400_000))],
    ['NULs between letters', () => Buffer.from('A\0'.repeat(400_000))],
    ['combining marks in the worst order', () => Buffer.from('\u0315\u0300'.repeat(100_000))],
    ['characters that stand for many', () => Buffer.from('\ufdfa'.repeat(170_000))],
    ['host labels', () => Buffer.from('xn--a.'.repeat(150_000))],
  ])('are bounded for %s', (_, bytes) => {
    expectBounded(bytes());
  });
});

function nested(depth: number, bytes: Buffer): Buffer {
  return depth === 0 ? bytes : nested(depth - 1, Buffer.from(bytes.toString('base64')));
}
