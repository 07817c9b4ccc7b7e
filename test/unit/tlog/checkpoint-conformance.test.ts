import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import { ed25519KeyFromSpki } from '#lib/tlog/spki.ts';
import { refusal } from './refusal.ts';

/** The checkpoint cases of the Sigstore client conformance suite, where it lies beside the repository. */
const suite = new URL('../../../../shared/conformance/sigstore/', import.meta.url);

describe.skipIf(!existsSync(suite))('a checkpoint of the Sigstore conformance suite', () => {
  test.each([
    ['rekor2-checkpoint-cosigned', 1],
    ['rekor2-checkpoint-multiple-cosigs', 2],
    ['rekor2-checkpoint-origin-not-first', 1],
    ['rekor2-checkpoint-two-sigs-cosigned', 2],
    ['rekor2-checkpoint-two-sigs-from-origin', 1],
  ])('%s opens, and its entry is included', (name, unknownLines) => {
    const { entry, policy } = readCase(name);
    const opened = openCheckpoint(entry.note, policy);
    expect(opened.note.unverified).toHaveLength(unknownLines);
    const { size, root } = opened.checkpoint;
    verifyInclusion({ index: entry.index, size, leafHash: entry.leafHash, proof: entry.proof, root });
  });

  test.each([['rekor2-checkpoint-missing-origin_fail'], ['rekor2-checkpoint-missing-root-hash_fail']])(
    '%s is refused for its signature',
    (name) => {
      const { entry, policy } = readCase(name);
      expect(() => openCheckpoint(entry.note, policy)).toThrow(refusal('bad-signature'));
    },
  );
});

function readCase(name: string) {
  const readJson = (file: string) => JSON.parse(readFileSync(new URL(`${name}/${file}`, suite), 'utf8'));
  const [entry] = readJson('bundle.sigstore.json').verificationMaterial.tlogEntries;
  const origin = 'log2025-alpha1.rekor.sigstage.dev';
  const log = readJson('trusted_root.json').tlogs.find(({ baseUrl }: { baseUrl: string }) => baseUrl.includes(origin));
  const key = ed25519KeyFromSpki(decodeBase64(log.publicKey.rawBytes));
  return {
    policy: { origin, verifiers: [ed25519Verifier(origin, key)] },
    entry: {
      note: new TextEncoder().encode(entry.inclusionProof.checkpoint.envelope),
      index: Number(entry.inclusionProof.logIndex),
      leafHash: hashLeaf(decodeBase64(entry.canonicalizedBody)),
      proof: entry.inclusionProof.hashes.map(decodeBase64) as Uint8Array[],
    },
  };
}
