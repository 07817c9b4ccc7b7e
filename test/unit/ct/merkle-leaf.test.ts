import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLeaf } from '#lib/ct/leaf-format.ts';
import { encodeMerkleLeaf, parseMerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { TlsError } from '#lib/ct/tls-reader.ts';

const leaves = fc.record({
  timestamp: fc.maxSafeNat(),
  der: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  issuerKeyHash: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 })),
  extensions: fc.uint8Array({ maxLength: 20 }),
});

describe('parseMerkleLeaf', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(leaves, (leaf) => {
        const read = parseMerkleLeaf(encodeMerkleLeaf(leaf));
        expect(read.kind).toBe(leaf.issuerKeyHash ? 'precertificate' : 'x509');
        expect(read.timestamp).toBe(leaf.timestamp);
        expect(Buffer.from(read.der)).toEqual(Buffer.from(leaf.der));
        expect(read.issuerKeyHash && Buffer.from(read.issuerKeyHash)).toEqual(
          leaf.issuerKeyHash && Buffer.from(leaf.issuerKeyHash),
        );
        expect(Buffer.from(read.extensions)).toEqual(Buffer.from(leaf.extensions));
      }),
    );
  });

  it('refuses leaves that are cut short or have bytes left over, wherever', () => {
    fc.assert(
      fc.property(leaves, fc.nat(), (leaf, at) => {
        const bytes = encodeMerkleLeaf(leaf);
        expect(() => parseMerkleLeaf(bytes.subarray(0, at % bytes.length))).toThrow(TlsError);
        expect(() => parseMerkleLeaf(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(TlsError);
      }),
    );
  });

  it('refuses another version, type or kind of entry, a time past counting, and an empty certificate', () => {
    const leaf = { timestamp: 1, der: Buffer.from('der'), issuerKeyHash: null, extensions: Buffer.alloc(0) };
    const changed = (at: number, to: number) => {
      const bytes = Buffer.from(encodeMerkleLeaf(leaf));
      bytes[at] = to;
      return bytes;
    };
    for (const bytes of [changed(0, 1), changed(1, 1), changed(2, 0xff), changed(11, 2), changed(10, 1)]) {
      expect(() => parseMerkleLeaf(bytes)).toThrow(TlsError);
    }
    expect(() => parseMerkleLeaf(encodeMerkleLeaf({ ...leaf, der: new Uint8Array() }))).toThrow(TlsError);
  });

  it('never fails in another way: what cannot be read is undecided', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const read = readLeaf(bytes);
        expect('undecided' in read ? read.undecided : 'leaf').toMatch(/leaf/);
      }),
    );
  });
});
