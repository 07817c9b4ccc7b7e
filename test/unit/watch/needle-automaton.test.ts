import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NeedleAutomaton } from '#lib/watch/needle-automaton.ts';

const few = fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 5 }).map((octets) => Uint8Array.from(octets));

function find(needles: readonly Uint8Array[], bytes: Uint8Array): number[] {
  const found = new Set<number>();
  new NeedleAutomaton(needles).scan(bytes, found);
  return [...found].sort((a, b) => a - b);
}

describe('an automaton of needles', () => {
  it('finds those that stand in the bytes, and no others', () => {
    fc.assert(
      fc.property(
        fc.array(few, { maxLength: 8 }),
        fc.uint8Array({ min: 1, max: 3, maxLength: 40 }),
        (needles, bytes) => {
          const expected = needles.flatMap((needle, i) =>
            Buffer.from(bytes).includes(Buffer.from(needle)) ? [i] : [],
          );
          expect(find(needles, bytes)).toEqual(expected);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('finds the same again in the next input', () => {
    const automaton = new NeedleAutomaton([Buffer.from('abc'), Buffer.from('bc')]);
    for (let round = 0; round < 3; round++) {
      const found = new Set<number>();
      automaton.scan(Buffer.from('xabcx'), found);
      expect(found).toEqual(new Set([0, 1]));
    }
    const none = new Set<number>();
    automaton.scan(Buffer.from('ab'), none);
    expect(none.size).toBe(0);
  });

  it('takes at most two steps an octet, whatever the needles and the input are', () => {
    const hostile = Buffer.from('a'.repeat(5000));
    const needles = Array.from({ length: 200 }, (_, i) => Buffer.from(`${'a'.repeat(i + 6)}b`));
    expect(new NeedleAutomaton(needles).scan(hostile, new Set())).toBeLessThanOrEqual(2 * hostile.length);
    fc.assert(
      fc.property(fc.array(few, { maxLength: 8 }), fc.uint8Array({ min: 1, max: 3, maxLength: 200 }), (some, bytes) => {
        expect(new NeedleAutomaton(some).scan(bytes, new Set())).toBeLessThanOrEqual(2 * bytes.length);
      }),
      { numRuns: 1000 },
    );
  });
});
