import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { evidenceOfEntry, evidenceOfFork, evidenceOfSameSize, evidenceOfTwoTrees } from '#lib/tlog/build-evidence.ts';
import { checkEvidence } from '#lib/tlog/check-evidence.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { formatEvidence, parseEvidence } from '#lib/tlog/evidence-file.ts';
import { ecdsaP256Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { signNote } from '#lib/tlog/signer.ts';
import { bytesOf, LOG, noteOf, rootOf, subtreeOf, twoViews } from './evidence-support.ts';
import { refusal } from './refusal.ts';

const [one, other] = twoViews(2, 5, 11);
const notes = { smaller: noteOf(one), larger: noteOf(other) };

describe('evidence is made', () => {
  test('against a Rekor v1 log, whose key has another name than its origin', async () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = new Uint8Array(keys.publicKey.export({ type: 'spki', format: 'der' }));
    const origin = 'rekor.example - 1193050959916656506';
    const [byHost, byPort] = ['rekor.example', 'rekor.example:3000'].map((name) => ecdsaP256Verifier(name, spki));
    if (byHost === undefined || byPort === undefined) throw new Error('two keys were made');
    const noteOfV1 = (entries: readonly string[]) => {
      const text = formatCheckpoint({ origin, size: entries.length, root: rootOf(entries) });
      const { name, keyId } = byPort;
      return Buffer.from(signNote(text, [{ name, keyId, sign: (t) => sign('sha256', t, keys.privateKey) }])).toString();
    };
    const v1 = { smaller: noteOfV1(one), larger: noteOfV1(other) };
    const evidence = await evidenceOfFork({ origin, keys: [byHost, byPort] }, v1, subtreeOf(other));
    expect(evidence.key).toBe(formatVerifierKey(byPort));
    const trustedKeys = [{ publicKey: spki, names: ['rekor.example', 'rekor.example:3000'] }];
    expect(checkEvidence(parseEvidence(formatEvidence(evidence)), { trustedKeys }).outcome).toBe('proves');
  });

  test('of two trees in whatever order they came', async () => {
    const orders: readonly [string, string][] = [
      [notes.smaller, notes.larger],
      [notes.larger, notes.smaller],
    ];
    for (const order of orders) {
      expect(await evidenceOfTwoTrees(LOG, order, subtreeOf(other))).toMatchObject({ kind: 'fork', ...notes });
    }
    const same: [string, string] = [notes.smaller, noteOf(other.slice(0, 5))];
    const unused = () => Promise.reject(new Error('no hash is needed'));
    expect(await evidenceOfTwoTrees(LOG, same, unused)).toMatchObject({ kind: 'same-size' });
  });

  test('never of hashes that do not give the signed root', async () => {
    const zeros = async () => new Uint8Array(32);
    await expect(evidenceOfFork(LOG, notes, zeros)).rejects.toThrow(refusal('bad-evidence'));
    await expect(evidenceOfFork(LOG, notes, subtreeOf(twoViews(2, 5, 11)[0]))).rejects.toThrow();
  });

  test('never by another key, of another origin, or of what is no note', async () => {
    await expect(evidenceOfFork({ ...LOG, keys: [] }, notes, subtreeOf(other))).rejects.toThrow(
      refusal('bad-evidence'),
    );
    const elsewhere = { ...LOG, origin: 'log.example/two' };
    await expect(evidenceOfFork(elsewhere, notes, subtreeOf(other))).rejects.toThrow(refusal('wrong-origin'));
    expect(() => evidenceOfSameSize(LOG, ['', notes.larger])).toThrow(refusal('bad-note'));
  });

  test('never of an entry that is too long for a file', () => {
    const long = { note: notes.smaller, entry: new Uint8Array(1024 * 1024 + 1), proof: [] };
    const short = { note: notes.larger, entry: bytesOf('x'), proof: [] };
    expect(() => evidenceOfEntry(LOG, 0, [short, long])).toThrow(refusal('bad-evidence'));
  });

  test('not where the smaller tree is empty, which every tree continues', async () => {
    const empty = { smaller: noteOf([]), larger: notes.larger };
    await expect(evidenceOfFork(LOG, empty, subtreeOf(other))).rejects.toThrow(refusal('bad-evidence'));
  });
});
