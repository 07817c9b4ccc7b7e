import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CT_LEAVES } from '#lib/ct/leaf-format.ts';
import { proveGrowth } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { type EntryPicker, type KeptEntry, TAKE_ALL } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { MintedCt, mintLeaf } from '#test/support/minted-ct.ts';

let log: MintedCt;

beforeEach(async () => {
  log = await MintedCt.start();
  log.add(...Array.from({ length: 300 }, (_, i) => mintLeaf(Buffer.from(`certificate ${i}`))));
});
afterEach(() => log.stop());

async function readAll(from = 0, picker: EntryPicker = TAKE_ALL, parallel = 4) {
  const reader = log.reader();
  const view = await reader.open(await reader.head());
  const range = await view.rangeOf(from);
  const kept: KeptEntry[] = [];
  for await (const batch of view.read(range, view.size, { picker, parallel })) kept.push(...batch.kept);
  return { view, range, kept };
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof LogDataError ? error.code : String(error)),
  );

describe('a certificate log', () => {
  it('is read from any index to its signed root, each entry with a proof, however few entries an answer has', async () => {
    for (const limit of [1000, 64, 7]) {
      log.wrong.limit = limit;
      const { view, range, kept } = await readAll(37);
      expect(range.size).toBe(300);
      expect(Buffer.from(range.root())).toEqual(Buffer.from(log.root()));
      expect(kept.map(({ index }) => index)).toEqual(Array.from({ length: 263 }, (_, i) => 37 + i));
      expect(kept.map(({ bytes }) => Buffer.from(bytes))).toEqual(
        log.leaves.slice(37).map((leaf) => Buffer.from(leaf)),
      );
      const entry = kept[100];
      const proof = await entry?.proof();
      expect(() =>
        verifyInclusion(
          {
            index: 137,
            size: 300,
            leafHash: entry?.leafHash ?? new Uint8Array(),
            proof: proof?.hashes ?? [],
            root: view.root,
          },
          nodeSha256,
        ),
      ).not.toThrow();
    }
  });

  it('is never asked for more than is there, and asked for less once it answers with less', async () => {
    log.wrong.limit = 10;
    await readAll(0, TAKE_ALL, 1);
    const ends = log.asked.flatMap((path) => /end=(\d+)/.exec(path)?.[1] ?? []).map(Number);
    expect(Math.max(...ends)).toBe(299);
    const asked = log.asked.filter((path) => path.includes('get-entries'));
    expect(asked.length).toBeLessThan(50);
    expect(asked.at(-1)).toContain('start=290&end=299');
  });

  it('gives the compact range of every size, proved by the place of the last entry', async () => {
    const reader = log.reader();
    const view = await reader.open(await reader.head());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), async (size) => {
        const expected = CompactRange.empty(nodeSha256);
        for (const leaf of log.leaves.slice(0, size))
          expected.append(nodeSha256(Buffer.concat([Buffer.from([0]), leaf])));
        const range = await view.rangeOf(size);
        expect(Buffer.from(range.toBytes())).toEqual(Buffer.from(expected.toBytes()));
      }),
      { numRuns: 40 },
    );
  });

  it('proves that it grew', async () => {
    const reader = log.reader();
    const known = await reader.head();
    log.add(mintLeaf(Buffer.from('one more')));
    const head = await reader.head();
    await expect(proveGrowth(await reader.open(head), head, known)).resolves.toHaveLength(
      (await (await reader.open(head)).consistencyProof(300)).length,
    );
  });

  it('contradicts itself where its entries give another root than it signed before', async () => {
    const reader = log.reader();
    const known = { ...(await reader.head()), root: nodeSha256(Buffer.from('another tree')) };
    log.add(mintLeaf(Buffer.from('one more')));
    const head = await reader.head();
    expect(await code(proveGrowth(await reader.open(head), head, known))).toBe('inconsistent');
  });

  it('is not accused where only the server’s proof is wrong', async () => {
    const reader = log.reader();
    const known = await reader.head();
    log.add(mintLeaf(Buffer.from('one more')));
    const head = await reader.head();
    log.wrong.badProofs = true;
    expect(await code(proveGrowth(await reader.open(head), head, known))).toBe('bad-proof');
  });

  it('picks what a rule names and what cannot be read, and nothing else', async () => {
    const picker = { format: CT_LEAVES, rules: [], matcher: compileRules([]), awaited: new Set<string>() };
    log.leaves.length = 0;
    log.add(
      mintLeaf(tinyCertificate()),
      Buffer.from('no leaf'),
      mintLeaf(tinyCertificate()),
      mintLeaf(Buffer.from('x')),
    );
    expect((await readAll(0, picker)).kept.map(({ index }) => index)).toEqual([1, 3]);
  });
});

/** The least that the walker takes for a certificate. */
function tinyCertificate(): Buffer {
  const sequence = (...parts: Buffer[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([0x30, content.length]), content]);
  };
  const empty = sequence();
  const tbs = sequence(Buffer.from([2, 1, 1]), empty, empty, empty, empty, empty);
  return sequence(tbs, empty, Buffer.from([3, 1, 0]));
}

describe('a certificate log that misbehaves', () => {
  it.each([
    ['swaps an entry', { swapped: 200 }, 'entry-mismatch'],
    ['gives entries in the wrong order', { reversed: true }, 'entry-mismatch'],
    ['gives no entries', { noEntries: true }, 'malformed-bundle'],
    ['gives more entries than were asked for', { limit: 7, tooMany: 300 }, 'malformed-bundle'],
    ['signs another root', { root: nodeSha256(Buffer.from('other')) }, 'entry-mismatch'],
    ['signs with another key', { forged: true }, 'bad-signature'],
  ])('is refused where it %s, and nothing of it is given', async (_, wrong, expected) => {
    Object.assign(log.wrong, wrong);
    const given: number[] = [];
    const read = (async () => {
      const reader = log.reader();
      const view = await reader.open(await reader.head());
      const range = CompactRange.empty(nodeSha256);
      for await (const batch of view.read(range, view.size, { picker: TAKE_ALL, parallel: 4 })) given.push(batch.size);
    })();
    expect(await code(read)).toBe(expected);
    expect(given).toEqual([]);
  });

  it('is refused where the place of an entry is not proved', async () => {
    const { kept } = await readAll();
    log.wrong.badProofs = true;
    expect(await code(kept[5]?.proof() ?? Promise.resolve())).toBe('bad-proof');
    const reader = log.reader();
    expect(await code((await reader.open(await reader.head())).rangeOf(17))).toBe('bad-proof');
  });
});
