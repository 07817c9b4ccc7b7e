import { createHash, hash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_ROOT, equalBytes, hashLeaf, hashNode, nobleSha256 } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { refusal } from './refusal.ts';

const expected = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex');

describe('tree hashing', () => {
  test('prefixes leaves with 00, whatever was hashed before and however long they are', () => {
    for (const length of [70_000, 65_535, 65_536, 3, 0, 1, 64, 1_700]) {
      const entry = randomBytes(length);
      expect(toHex(hashLeaf(entry))).toBe(expected(Uint8Array.of(0), entry));
    }
  });

  test('prefixes nodes with 01', () => {
    const [left, right] = [randomBytes(32), randomBytes(32)];
    expect(toHex(hashNode(left, right))).toBe(expected(Uint8Array.of(1), left, right));
  });

  test('gives hashes that later calls do not overwrite', () => {
    const first = hashLeaf(Uint8Array.of(1));
    const before = toHex(first);
    hashNode(first, hashLeaf(Uint8Array.of(2)));
    expect(toHex(first)).toBe(before);
  });

  test('refuses nodes of another length than a hash', () => {
    const whole = new Uint8Array(32);
    for (const length of [0, 31, 33, 64]) {
      expect(() => hashNode(new Uint8Array(length), whole)).toThrow(refusal('bad-hash'));
      expect(() => hashNode(whole, new Uint8Array(length))).toThrow(refusal('bad-hash'));
    }
  });

  test('gives the same with the hash function of node:crypto', () => {
    const native = (data: Uint8Array) => hash('sha256', data, 'buffer');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (entry) => {
        const leaf = hashLeaf(entry);
        expect(toHex(hashLeaf(entry, native))).toBe(toHex(leaf));
        expect(toHex(hashNode(leaf, leaf, native))).toBe(toHex(hashNode(leaf, leaf)));
      }),
    );
  });

  test('knows the root of the empty tree', () => {
    expect(toHex(EMPTY_ROOT)).toBe(toHex(nobleSha256(new Uint8Array(0))));
    expect(toHex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

test('bytes are equal only to the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(equalBytes(a, a.slice())).toBe(true);
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
    }),
  );
});
