import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TlogError } from '#lib/tlog/error.ts';
import { entryBundlePath, parseTile, parseTilePath, subtreeRoot, tilePath, tileWidth } from '#lib/tlog/tile.ts';
import { treeHash } from './reference-tree.ts';
import { refusal } from './refusal.ts';

const indices = fc.oneof(fc.nat(2_000), fc.nat(2_000_000), fc.maxSafeNat());
const widths = fc.integer({ min: 1, max: 256 });

describe('tile paths', () => {
  test('are those of the specification', () => {
    expect(tilePath(0, 1234067)).toBe('tile/0/x001/x234/067');
    expect(tilePath(1, 0, 17)).toBe('tile/1/000.p/17');
    expect(tilePath(63, 999)).toBe('tile/63/999');
    expect(tilePath(0, 1000, 1)).toBe('tile/0/x001/000.p/1');
    expect(entryBundlePath(273, 112)).toBe('tile/entries/273.p/112');
    expect(entryBundlePath(0, 256)).toBe('tile/entries/000');
  });

  test('are read as they are written, for any index up to 2^53 - 1', () => {
    fc.assert(
      fc.property(fc.nat(63), indices, widths, (level, index, width) => {
        expect(parseTilePath(tilePath(level, index, width))).toEqual({ kind: 'tile', level, index, width });
        expect(parseTilePath(entryBundlePath(index, width))).toEqual({ kind: 'entries', index, width });
      }),
      { numRuns: 1000 },
    );
  });

  test('have one spelling only, whatever is changed in one', () => {
    const changed = fc
      .tuple(
        fc.nat(63),
        indices,
        widths,
        fc.nat(40),
        fc.nat(2),
        fc.constantFrom('', '0', '1', '9', 'x', '/', '.', 'p', 'x000/', '.p/', '\n', '-'),
      )
      .map(([level, index, width, at, cut, insert]) => {
        const path = tilePath(level, index, width);
        return path.slice(0, at) + insert + path.slice(at + cut);
      });
    fc.assert(
      fc.property(changed, (path) => {
        try {
          const name = parseTilePath(path);
          const { index, width } = name;
          expect(name.kind === 'tile' ? tilePath(name.level, index, width) : entryBundlePath(index, width)).toBe(path);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/x001/x002',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    '/tile/0/000',
    'tile/0/000/',
    'tile//000',
    'tile/Entries/000',
    'tile/entries/../000',
    'tile/0/x001/../000',
    'tile/0/%30%30%30',
    'tile/data/000',
    'tile/0/000\n',
    'tile/0/٠٠٠',
    'tile/0/x009/x007/x199/x254/x740/992',
    `tile/0/${'x001/'.repeat(1000)}000`,
  ])('are not %j', (path) => {
    expect(() => parseTilePath(path)).toThrow(refusal('bad-path'));
  });

  test.each([
    [-1, 0, 1],
    [64, 0, 1],
    [0.5, 0, 1],
    [0, -1, 1],
    [0, 2 ** 53, 1],
    [0, 0, 0],
    [0, 0, 257],
    [0, 0, 1.5],
  ])('do not exist for level %d, index %d, width %d', (level, index, width) => {
    expect(() => tilePath(level, index, width)).toThrow(refusal('bad-path'));
  });
});

describe('a tile', () => {
  test('has as many hashes as its part of the tree', () => {
    // The example of the specification: a tree of 70,000 entries.
    expect(tileWidth(0, 272, 70_000)).toBe(256);
    expect(tileWidth(0, 273, 70_000)).toBe(112);
    expect(tileWidth(0, 274, 70_000)).toBe(0);
    expect([tileWidth(1, 0, 70_000), tileWidth(1, 1, 70_000), tileWidth(2, 0, 70_000)]).toEqual([256, 17, 1]);
    expect(tileWidth(3, 0, 70_000)).toBe(0);
    expect(tileWidth(63, 0, Number.MAX_SAFE_INTEGER)).toBe(0);
  });

  test('has that many hashes at any size', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(7), fc.maxSafeNat(), (size, level, index) => {
        const total = BigInt(size) / 256n ** BigInt(level);
        const expected = total - 256n * BigInt(index);
        expect(tileWidth(level, index, size)).toBe(Number(expected < 0n ? 0n : expected > 256n ? 256n : expected));
        const last = Number(total / 256n);
        expect(tileWidth(level, last, size)).toBe(Number(total % 256n));
        if (last > 0) expect(tileWidth(level, last - 1, size)).toBe(256);
      }),
    );
  });

  test('is read only with exactly the bytes of its width', () => {
    const bytes = Uint8Array.from({ length: 96 }, (_, i) => i);
    expect(parseTile(bytes, 3)).toEqual([bytes.slice(0, 32), bytes.slice(32, 64), bytes.slice(64)]);
    for (const length of [0, 32, 64, 95, 97, 128]) {
      expect(() => parseTile(new Uint8Array(length), 3)).toThrow(refusal('bad-tile'));
    }
    for (const width of [0, 257, -1, 1.5]) {
      expect(() => parseTile(new Uint8Array(Math.max(0, width * 32)), width)).toThrow(refusal('bad-tile'));
    }
  });

  test('gives another root with any byte changed', () => {
    const bytes = Uint8Array.from({ length: 8 * 32 }, (_, i) => (7 * i) % 251);
    const root = Buffer.from(subtreeRoot(parseTile(bytes, 8)));
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.with(at, (bytes[at] ?? 0) ^ 0x10);
      expect(root.equals(subtreeRoot(parseTile(changed, 8)))).toBe(false);
    }
  });
});

describe('the root of a complete subtree', () => {
  const leaves = (count: number) => Array.from({ length: count }, (_, i) => treeHash(i, i + 1));

  test('is the tree hash of its leaves', () => {
    for (const count of [1, 2, 4, 8, 16, 32, 64, 128, 256]) {
      const nodes = leaves(count);
      expect(subtreeRoot(nodes)).toEqual(treeHash(0, count));
      expect(nodes).toEqual(leaves(count));
    }
  });

  test.each([0, 3, 5, 6, 7, 12, 255])('is not given for %d nodes', (count) => {
    expect(() => subtreeRoot(leaves(count))).toThrow(refusal('bad-tile'));
  });
});
