import { createHash } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hashPieces } from '#lib/browser/hash-pieces.ts';
import { createHasher, createNobleHasher, HasherStore } from '#lib/browser/hasher.ts';
import type { HashType } from '#lib/model-signing/resource.ts';
import { mintBytes } from '#test/factories.ts';

const BYTES = new Uint8Array(mintBytes('a file of a model', 9_000_001));

function expected(hashType: HashType, bytes: Uint8Array): string {
  if (hashType === 'blake3') return Buffer.from(blake3(bytes)).toString('hex');
  return createHash(hashType === 'blake2b' ? 'blake2b512' : 'sha256')
    .update(bytes)
    .digest('hex');
}

async function digestsOf(hashType: HashType, shardSize: number | null, bytes: Uint8Array<ArrayBuffer> = BYTES) {
  let told = 0;
  const pieces = await hashPieces(new Blob([bytes]), {
    start: 0,
    end: bytes.length,
    hashType,
    shardSize,
    store: new HasherStore(),
    onProgress: (count) => {
      told += count;
    },
  });
  expect(told).toBe(bytes.length);
  return pieces;
}

describe('hashing in a browser', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(['sha256', 'blake2b', 'blake3'] as const)('gives the digest that others give: %s', async (hashType) => {
    const whole = { start: 0, end: BYTES.length, digest: expected(hashType, BYTES) };
    expect(await digestsOf(hashType, null)).toEqual([whole]);
  });

  it('streams SHA-256 where there is no WebCrypto, as on pages without https', async () => {
    vi.stubGlobal('crypto', {});
    expect((await digestsOf('sha256', null))[0]?.digest).toBe(expected('sha256', BYTES));
  });

  it.each(['sha256', 'blake3'] as const)('hashes shards one by one, the last one shorter: %s', async (hashType) => {
    const size = 4_000_000;
    const shards = [0, size, 2 * size].map((start) => {
      const end = Math.min(start + size, BYTES.length);
      return { start, end, digest: expected(hashType, BYTES.subarray(start, end)) };
    });
    expect(await digestsOf(hashType, size)).toEqual(shards);
  });

  it('gives an empty file a digest as a whole, and no shard', async () => {
    const empty = new Uint8Array(0);
    expect(await digestsOf('sha256', null, empty)).toEqual([{ start: 0, end: 0, digest: expected('sha256', empty) }]);
    expect(await digestsOf('sha256', 1000, empty)).toEqual([]);
  });

  it.each(['sha256', 'blake2b', 'blake3'] as const)('has a fallback without WebAssembly: %s', async (hashType) => {
    const [wasm, noble] = [await createHasher(hashType), await createNobleHasher(hashType)];
    for (const hasher of [wasm, noble, noble]) {
      hasher.begin();
      for (let at = 0; at < 100_000; at += 7777) hasher.update(BYTES.subarray(at, Math.min(at + 7777, 100_000)));
      expect(hasher.end()).toBe(expected(hashType, BYTES.subarray(0, 100_000)));
    }
  });

  it('takes the fallback where the browser refuses WebAssembly', async () => {
    const refused = vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new Error('refused by policy'));
    const hasher = await createHasher('blake2b');
    hasher.begin();
    hasher.update(BYTES.subarray(0, 1000));
    expect(hasher.end()).toBe(expected('blake2b', BYTES.subarray(0, 1000)));
    refused.mockRestore();
  });
});
