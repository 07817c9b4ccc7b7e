import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { fromHex, toHex } from '#lib/tlog/hex.ts';
import { ecdsaP256Verifier, ed25519Verifier } from '#lib/tlog/key.ts';
import {
  consistencyProofRanges,
  inclusionProofRanges,
  makeConsistencyProof,
  makeInclusionProof,
  verifyConsistency,
  verifyInclusion,
} from '#lib/tlog/proof.ts';
import { ed25519KeyFromSpki } from '#lib/tlog/spki.ts';
import { parseTile, subtreeRoot, TILE_HEIGHT, TILE_WIDTH, tilePath, tileWidth } from '#lib/tlog/tile.ts';
import { refusal } from './refusal.ts';

/** What real servers wrote: Rekor v1 (ECDSA checkpoints, proofs by its API) and Rekor v2 (Ed25519, tiles). */
const fixtures = new URL('../../fixtures/rekor/', import.meta.url);
const read = (path: string) => new Uint8Array(readFileSync(new URL(path, fixtures)));
const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
const spki = (path: string) =>
  new Uint8Array(createPublicKey(readFileSync(new URL(path, fixtures))).export({ type: 'spki', format: 'der' }));

describe('Rekor v1', () => {
  const origin = 'rekor1.localhost - 703020094856131443';
  const verifiers = [ecdsaP256Verifier('rekor1.localhost', spki('v1/publicKey.pem'))];
  const open = (note: string) => openCheckpoint(new TextEncoder().encode(note), { origin, verifiers }).checkpoint;
  const older = open(readJson('v1/log-before.json').signedTreeHead);
  const newer = open(readJson('v1/log.json').signedTreeHead);
  const proofs = readdirSync(new URL('v1/proofs/', fixtures)).map((file) => {
    const [first = 0, second = 0] = file.split(/[-.]/).map(Number);
    const { hashes, rootHash } = readJson(`v1/proofs/${file}`);
    return { first, second, proof: hashes.map(fromHex) as Uint8Array[], currentRoot: fromHex(rootHash) };
  });
  const entries = readdirSync(new URL('v1/entries/', fixtures)).map((file) => {
    const [[uuid, entry]] = Object.entries(readJson(`v1/entries/${file}`)) as [[string, V1Entry]];
    const { logIndex, treeSize, rootHash, hashes, checkpoint } = entry.verification.inclusionProof;
    const leafHash = hashLeaf(decodeBase64(entry.body));
    return {
      uuid,
      checkpoint,
      input: { index: logIndex, size: treeSize, leafHash, proof: hashes.map(fromHex), root: fromHex(rootHash) },
    };
  });

  test('signed two checkpoints that its proof shows to be consistent', () => {
    const grown = proofs.find(({ first, second }) => first === older.size && second === newer.size);
    if (grown === undefined) return expect.unreachable();
    const input = {
      first: older.size,
      second: newer.size,
      proof: grown.proof,
      firstRoot: older.root,
      secondRoot: newer.root,
    };
    verifyConsistency(input);
    expect(() => verifyConsistency({ ...input, proof: grown.proof.toReversed() })).toThrow(refusal('root-mismatch'));
  });

  test('proves a size in between consistent too', () => {
    const between = proofs.find(({ first, second }) => first === 3382 && second === 3982);
    if (between === undefined) return expect.unreachable();
    verifyConsistency({ ...between, firstRoot: older.root, secondRoot: between.currentRoot });
  });

  test('includes its entries of every kind, whose UUIDs end in their leaf hash', () => {
    expect(entries.length).toBeGreaterThan(4);
    for (const { uuid, checkpoint, input } of entries) {
      verifyInclusion(input);
      expect(uuid.slice(-64)).toBe(toHex(input.leafHash));
      expect(open(checkpoint)).toEqual(newer);
      expect(input.root).toEqual(newer.root);
    }
  });

  test('gives the same hash for the same leaves in all its proofs', () => {
    const seen = new Map<string, string>();
    let agreeing = 0;
    const compare = (ranges: { start: number; end: number }[], proof: Uint8Array[]) => {
      expect(proof).toHaveLength(ranges.length);
      for (const [i, { start, end }] of ranges.entries()) {
        const hash = toHex(proof[i] as Uint8Array);
        const before = seen.get(`${start}-${end}`);
        if (before !== undefined) {
          expect(hash, `leaves ${start} to ${end}`).toBe(before);
          agreeing++;
        }
        seen.set(`${start}-${end}`, hash);
      }
    };
    for (const { first, second, proof } of proofs) compare(consistencyProofRanges(first, second), proof);
    for (const { input } of entries) compare(inclusionProofRanges(input.index, input.size), input.proof);
    expect(agreeing).toBeGreaterThan(20);
  });
});

describe('Rekor v2', () => {
  const origin = 'rekor2.localhost';
  const verifiers = [ed25519Verifier(origin, ed25519KeyFromSpki(spki('v2/publicKey.pem')))];
  const { checkpoint } = openCheckpoint(read('v2/checkpoint'), { origin, verifiers });
  const tile = (level: number, index: number, width = tileWidth(level, index, checkpoint.size)) =>
    parseTile(read(`v2/${tilePath(level, index, width)}`), width);
  const edge = tile(0, 34);
  const subtrees = tile(1, 0);

  /** Nodes at the right edge, which is where the fixture has tiles. */
  const node = (level: number, index: number): Uint8Array => {
    const span = 2 ** (level % TILE_HEIGHT);
    const first = index * span;
    const hashes = level < TILE_HEIGHT ? tile(0, Math.floor(first / TILE_WIDTH)) : subtrees;
    return subtreeRoot(hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + span));
  };

  test('has the root that its right-edge tiles give', () => {
    const range = CompactRange.empty();
    for (const hash of subtrees) range.appendSubtree(TILE_HEIGHT, hash);
    for (const hash of edge) range.append(hash);
    expect(range.size).toBe(8714);
    expect(range.root()).toEqual(checkpoint.root);
  });

  test('has bundles whose entries hash to their tile and are included', () => {
    const leaves = hashEntryBundle(parseEntryBundle(read('v2/tile/entries/034.p/10'), 10));
    expect(leaves).toEqual(edge);
    for (const [i, leafHash] of leaves.entries()) {
      const index = 34 * TILE_WIDTH + i;
      const proof = makeInclusionProof(index, checkpoint.size, node);
      verifyInclusion({ index, size: checkpoint.size, leafHash, proof, root: checkpoint.root });
    }
  });

  test('has tiles of level 1 that are made of the roots of full tiles below', () => {
    expect(subtreeRoot(tile(0, 33))).toEqual(subtrees[33]);
    expect(tile(1, 0, 33)).toEqual(subtrees.slice(0, 33));
  });

  test('is consistent with its trees of the last two tiles', () => {
    for (let first = 33 * TILE_WIDTH; first <= checkpoint.size; first += 1) {
      const range = CompactRange.empty();
      for (const hash of subtrees.slice(0, Math.floor(first / TILE_WIDTH))) range.appendSubtree(TILE_HEIGHT, hash);
      for (let index = range.size; index < first; index++) range.append(node(0, index));
      const proof = makeConsistencyProof(first, checkpoint.size, node);
      verifyConsistency({
        first,
        second: checkpoint.size,
        proof,
        firstRoot: range.root(),
        secondRoot: checkpoint.root,
      });
    }
  });

  const whole = new URL('../../../../shared/samples/v2/tree/', import.meta.url);
  test.skipIf(!existsSync(whole))('has the root that all its entries give', () => {
    const range = CompactRange.empty();
    for (let index = 0; range.size < checkpoint.size; index++) {
      const width = Math.min(TILE_WIDTH, checkpoint.size - range.size);
      const name = tilePath(0, index, width);
      const entries = parseEntryBundle(readFileSync(new URL(name.replace('/0/', '/entries/'), whole)), width);
      const leaves = hashEntryBundle(entries);
      expect(leaves.map(toHex)).toEqual(parseTile(readFileSync(new URL(name, whole)), width).map(toHex));
      if (width === TILE_WIDTH) range.appendSubtree(TILE_HEIGHT, subtreeRoot(leaves));
      else for (const leaf of leaves) range.append(leaf);
    }
    expect(range.root()).toEqual(checkpoint.root);
  });
});

interface V1Entry {
  readonly body: string;
  readonly verification: {
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly hashes: string[];
      readonly checkpoint: string;
    };
  };
}
