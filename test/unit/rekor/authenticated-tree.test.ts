import { describe, expect, it } from 'vitest';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { completeSubtrees, verifyConsistency, verifyInclusion } from '#lib/tlog/proof.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const SIZES = [1, 2, 255, 256, 257, 511, 512, 700, 65_536, 65_537, 66_000];
const log = new MintedLog().add(...Array.from({ length: 66_000 }, (_, i) => Buffer.from(`entry ${i}`)));

function treeOf(size: number, source = new MintedSource(log, size)) {
  return AuthenticatedTree.open(source, { size, root: log.root(size) });
}

/** As a tail takes up a log: the compact range of the first `size` entries, out of the tree's bound hashes. */
async function rangeAt(tree: AuthenticatedTree, size: number): Promise<CompactRange> {
  const hashes = await Promise.all(completeSubtrees(0, size).map(({ level, index }) => tree.subtree(level, index)));
  return CompactRange.from(size, hashes, nodeSha256);
}

describe('AuthenticatedTree', () => {
  it.each(SIZES)('proves its right edge and gives the compact range of size %i', async (size) => {
    const range = await rangeAt(await treeOf(size), size);
    expect(range.size).toBe(size);
    expect(range.root()).toEqual(log.root(size));
  });

  it.each(SIZES)('makes inclusion proofs that verify at size %i', async (size) => {
    const tree = await treeOf(size);
    for (const index of new Set([
      0,
      Math.floor(size / 2),
      size - 1,
      Math.min(size - 1, 255),
      Math.min(size - 1, 256),
    ])) {
      const start = index - (index % 256);
      const leaves = log.entries.slice(start, Math.min(start + 256, size)).map((entry) => hashLeaf(entry, nodeSha256));
      const proof = await tree.inclusionProof(index, leaves);
      const leafHash = hashLeaf(log.entries[index] ?? new Uint8Array(), nodeSha256);
      verifyInclusion({ index, size, leafHash, proof, root: tree.root }, nodeSha256);
    }
  });

  it('makes consistency proofs that verify between any two sizes', async () => {
    for (const second of SIZES) {
      const tree = await treeOf(second);
      for (const first of SIZES.filter((size) => size <= second)) {
        const proof = await tree.consistencyProof(first);
        verifyConsistency({ first, second, proof, firstRoot: log.root(first), secondRoot: tree.root }, nodeSha256);
      }
    }
  });

  it('asks for no tile wider than the checkpoint implies', async () => {
    const source = new MintedSource(log, 66_000);
    await AuthenticatedTree.open(source, { size: 700, root: log.root(700) });
    expect(source.asked).toEqual(['tile/0/2.188', 'tile/1/0.2']);
  });

  it('refuses a right edge that does not give the signed root', async () => {
    const source = new MintedSource(log, 700);
    source.tamper = (path, honest) => {
      if (!path.startsWith('tile/0/2')) return undefined;
      const tile = Buffer.from(honest());
      tile.writeUInt8(tile.readUInt8(0) ^ 1, 0);
      return tile;
    };
    await expect(treeOf(700, source)).rejects.toMatchObject({ code: 'root-mismatch' });
  });

  it('refuses a full tile that is not under the root', async () => {
    const source = new MintedSource(log, 66_000);
    source.tamper = (path, honest) => (path === 'tile/0/1.256' ? Buffer.from(honest()).reverse() : undefined);
    const tree = await treeOf(66_000, source);
    await expect(tree.consistencyProof(300)).rejects.toMatchObject({ code: 'tile-mismatch' });
  });

  it('takes a cut or overlong tile for malformed, and asks again the next time', async () => {
    const source = new MintedSource(log, 66_000);
    const tree = await treeOf(66_000, source);
    source.tamper = (path, honest) => (path === 'tile/0/1.256' ? honest().subarray(1) : undefined);
    await expect(tree.consistencyProof(300)).rejects.toMatchObject({ code: 'malformed-tile' });
    source.tamper = () => undefined;
    const proof = await tree.consistencyProof(300);
    verifyConsistency(
      { first: 300, second: 66_000, proof, firstRoot: log.root(300), secondRoot: tree.root },
      nodeSha256,
    );
  });

  it('gives the start of a tail anywhere', async () => {
    const tree = await treeOf(66_000);
    for (const start of [0, 1, 255, 256, 300, 65_537]) {
      expect((await rangeAt(tree, start)).root()).toEqual(log.root(start));
    }
  });
});
