import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DerCursor, DerError, type DerErrorCode, Tag } from '#lib/watch/der.ts';
import { element, sequence } from './der-builder.ts';
import { ISSUED, issued } from './fixtures.ts';

function codeOf(action: () => unknown): DerErrorCode | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof DerError) return error.code;
    throw error;
  }
}

const read = (...octets: readonly number[]) => codeOf(() => new DerCursor().reset(Uint8Array.from(octets)).next());

/** Enters every constructed element and returns where each was. */
function walkAll(bytes: Uint8Array, from = 0, to = bytes.length): [number, number][] {
  const cursor = new DerCursor().reset(bytes, from, to);
  const ranges: [number, number][] = [];
  const walk = (): void => {
    while (cursor.more) {
      const tag = cursor.next();
      ranges.push([cursor.from, cursor.to]);
      if ((tag & 0x20) === 0) continue;
      const outer = cursor.enter();
      walk();
      cursor.leave(outer);
    }
  };
  walk();
  return ranges;
}

describe('the DER cursor', () => {
  it('gives tag and content of elements, one after the other', () => {
    const bytes = Buffer.concat([element(Tag.integer, Uint8Array.of(7)), element(Tag.utf8String, 'model')]);
    const cursor = new DerCursor().reset(bytes);
    expect(cursor.peek()).toBe(Tag.integer);
    expect([cursor.next(), cursor.start, cursor.from, cursor.to]).toEqual([Tag.integer, 0, 2, 3]);
    expect([cursor.next(), cursor.start, cursor.from, cursor.to]).toEqual([Tag.utf8String, 3, 5, 10]);
    expect([cursor.more, cursor.peek()]).toEqual([false, -1]);
  });

  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('reads content of %i octets', (length) => {
    const cursor = new DerCursor().reset(element(Tag.octetString, new Uint8Array(length)));
    cursor.expect(Tag.octetString);
    expect(cursor.to - cursor.from).toBe(length);
  });

  it('refuses what has no header', () => {
    expect([read(), read(0x30)]).toEqual(['truncated', 'truncated']);
  });

  it('refuses content that reaches past the end, by one octet or by four thousand million', () => {
    expect(read(0x04, 2, 0)).toBe('truncated');
    expect(read(0x04, 0x84, 0xff, 0xff, 0xff, 0xff)).toBe('truncated');
    expect(read(0x04, 0x88, 1, 0, 0, 0, 0, 0, 0, 0)).toBe('truncated');
    expect(read(0x04, 0xff, 1)).toBe('truncated');
  });

  it('refuses an indefinite length', () => {
    expect(read(0x30, 0x80, 0, 0)).toBe('indefinite-length');
  });

  it('refuses a length in more octets than it needs', () => {
    expect(read(0x04, 0x81, 0x01, 0)).toBe('length-not-minimal');
    expect(read(0x04, 0x82, 0x00, 0x80, ...new Array<number>(128).fill(0))).toBe('length-not-minimal');
  });

  it('refuses a tag number of more than one octet', () => {
    expect(read(0x1f, 0x01, 0)).toBe('tag-not-short');
    expect(read(0xbf, 0x81, 0)).toBe('tag-not-short');
  });

  it('refuses another tag than was expected, and says where', () => {
    const cursor = new DerCursor().reset(sequence(element(Tag.integer, Uint8Array.of(1))));
    cursor.open(Tag.sequence);
    expect(() => cursor.expect(Tag.oid)).toThrow(new DerError('unexpected-tag', 2));
  });

  it('refuses to leave an element of which something was not read', () => {
    const cursor = new DerCursor().reset(sequence(element(Tag.integer, Uint8Array.of(1))));
    const outer = cursor.open(Tag.sequence);
    expect(codeOf(() => cursor.leave(outer))).toBe('trailing-bytes');
  });

  it('refuses an element that reaches past the one it stands in, though the bytes go on', () => {
    const cursor = new DerCursor().reset(Uint8Array.of(0x30, 3, 0x04, 5, 1, 2, 3, 4, 5));
    cursor.open(Tag.sequence);
    expect(codeOf(() => cursor.next())).toBe('truncated');
  });

  it('refuses nesting without end', () => {
    let nested = sequence();
    for (let depth = 0; depth < 100; depth++) nested = sequence(nested);
    expect(codeOf(() => walkAll(nested))).toBe('too-deep');
  });

  it('reads nothing outside of its bounds: what surrounds the bytes changes nothing', () => {
    const hostile = fc.oneof(fc.uint8Array({ maxLength: 64 }), mutatedCertificate());
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 255 }), (bytes, filler) => {
        const around = new Uint8Array(bytes.length + 64).fill(filler);
        around.set(bytes, 32);
        const inside = walkedOrCode(bytes, 0, bytes.length);
        expect(walkedOrCode(around, 32, 32 + bytes.length)).toEqual(
          typeof inside === 'string' ? inside : inside.map(([from, to]) => [from + 32, to + 32]),
        );
      }),
    );
  });

  it('throws nothing but its own error, and gives ranges within the input only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutatedCertificate()), (bytes) => {
        const walked = walkedOrCode(bytes, 0, bytes.length);
        if (typeof walked === 'string') return;
        for (const [from, to] of walked) expect(0 <= from && from <= to && to <= bytes.length).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function walkedOrCode(bytes: Uint8Array, from: number, to: number): [number, number][] | DerErrorCode {
  try {
    return walkAll(bytes, from, to);
  } catch (error) {
    if (error instanceof DerError) return error.code;
    throw error;
  }
}

/** A real certificate with a few octets changed, or cut short. */
function mutatedCertificate(): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), octet: fc.integer({ min: 0, max: 255 }) });
  return fc
    .record({ name: fc.constantFrom(...ISSUED), changes: fc.array(change, { maxLength: 3 }), cut: fc.nat({ max: 40 }) })
    .map(({ name, changes, cut }) => {
      const bytes = issued(name);
      for (const { at, octet } of changes) bytes[at % bytes.length] = octet;
      return bytes.subarray(0, bytes.length - cut);
    });
}
