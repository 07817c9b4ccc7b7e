import { describe, expect, it } from 'vitest';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import { TAKE_ALL } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { inlineProcessor } from '#lib/rekor/process-bundle.ts';
import { readEntries } from '#lib/rekor/read-entries.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const everything = inlineProcessor(TAKE_ALL);
const log = new MintedLog().add(
  ...Array.from({ length: 3000 }, (_, i) => Buffer.from(`entry ${i} ${'x'.repeat(i % 50)}`)),
);

async function readAll(source: MintedSource, from: number, size: number, parallel = 4) {
  const tree = await AuthenticatedTree.open(source, { size, root: log.root(size) });
  const range = CompactRange.empty(nodeSha256);
  for (const entry of log.entries.slice(0, from)) range.append(hashLeaf(entry, nodeSha256));
  const entries: string[] = [];
  for await (const read of readEntries(source, tree, range, size, everything, { parallel })) {
    expect(read.start).toBe(from + entries.length);
    entries.push(...read.kept.map(({ bytes }) => Buffer.from(bytes).toString()));
  }
  return { entries, range };
}

const expected = (from: number, size: number) =>
  log.entries.slice(from, size).map((entry) => Buffer.from(entry).toString());

describe('readEntries', () => {
  it.each([
    [0, 1],
    [0, 256],
    [0, 257],
    [0, 3000],
    [1, 2],
    [255, 256],
    [256, 512],
    [300, 301],
    [300, 2999],
    [700, 700],
  ])('gives exactly the entries from %i to %i, and the root of the log', async (from, size) => {
    const { entries, range } = await readAll(new MintedSource(log, size), from, size);
    expect(entries).toEqual(expected(from, size));
    expect(range.root()).toEqual(log.root(size));
  });

  it('reads an older size from a log that has grown', async () => {
    const { entries } = await readAll(new MintedSource(log, 3000), 0, 700);
    expect(entries).toEqual(expected(0, 700));
  });

  it('yields nothing of a bundle with one changed byte', async () => {
    const source = new MintedSource(log, 3000);
    source.tamper = (path, honest) => {
      if (!path.startsWith('entries/3.')) return undefined;
      const bundle = Buffer.from(honest());
      bundle.writeUInt8(bundle.readUInt8(40) ^ 1, 40);
      return bundle;
    };
    const tree = await AuthenticatedTree.open(source, { size: 3000, root: log.root(3000) });
    const range = CompactRange.empty(nodeSha256);
    const starts: number[] = [];
    const reading = (async () => {
      for await (const bound of readEntries(source, tree, range, 3000, everything, { parallel: 4 }))
        starts.push(bound.start);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'entry-mismatch' });
    expect(starts).toEqual([0, 256, 512]);
    expect(range.size).toBe(768);
  });

  it.each([
    ['is cut', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['has something behind its last entry', (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from([0])])],
    ['is empty', () => new Uint8Array()],
    ['is no bundle at all', () => Buffer.from('<html>')],
  ])('names a bundle that %s', async (_, change) => {
    const source = new MintedSource(log, 3000);
    source.tamper = (path, honest) => (path.startsWith('entries/1.') ? change(honest()) : undefined);
    await expect(readAll(source, 0, 3000)).rejects.toMatchObject({ code: 'malformed-bundle' });
  });

  it('keeps no more than twice `parallel` bundles under way', async () => {
    const source = new MintedSource(log, 3000);
    let underWay = 0;
    let most = 0;
    const { entryBundle } = MintedSource.prototype;
    source.entryBundle = async (...args) => {
      most = Math.max(most, ++underWay);
      const bundle = await entryBundle.apply(source, args);
      underWay--;
      return bundle;
    };
    await readAll(source, 0, 3000, 3);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('stops fetching when the reader stops', async () => {
    const source = new MintedSource(log, 3000);
    const tree = await AuthenticatedTree.open(source, { size: 3000, root: log.root(3000) });
    const range = CompactRange.empty(nodeSha256);
    for await (const _ of readEntries(source, tree, range, 3000, everything, { parallel: 2 })) break;
    const asked = source.asked.length;
    await Promise.resolve();
    expect(source.asked.length).toBe(asked);
  });
});
