import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { serverPrimitives } from '#lib/rekor/server-primitives.ts';
import { judgeWitnesses } from '#lib/rekor/witness-state.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { cosignatureVerifier, encodeCosignature } from '#lib/tlog/cosignature.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { cosignedTreeMessage, mlDsa44CosignatureVerifier } from '#lib/tlog/ml-dsa-cosignature.ts';
import { parsePolicy } from '#lib/tlog/policy-file.ts';
import { cosignatureSigner, ed25519Signer, type NoteSigner, signNote } from '#lib/tlog/signer.ts';

const ORIGIN = 'log.example';
const seed = (n: number) => new Uint8Array(32).fill(n);
const log = ed25519Signer(ORIGIN, seed(1));
const logVerifier = ed25519Verifier(ORIGIN, ed25519.getPublicKey(seed(1)));
const root = new Uint8Array(32).fill(9);
const text = formatCheckpoint({ origin: ORIGIN, size: 12, root });
const witness = (n: number, time: number) => cosignatureSigner(`w${n}.example`, seed(n), () => time);
const vkey = (n: number, name = `w${n}.example`) =>
  formatVerifierKey(cosignatureVerifier(name, ed25519.getPublicKey(seed(n))));
const policyOf = (...lines: string[]) => parsePolicy(Buffer.from(`${lines.join('\n')}\n`), serverPrimitives);

const policy = policyOf(
  `log ${formatVerifierKey(logVerifier)}`,
  ...[2, 3, 4].map((n) => `witness W${n} ${vkey(n)}`),
  'group two 2 W2 W3 W4',
  'quorum two',
);
const judge = (signers: readonly NoteSigner[], by = policy) =>
  judgeWitnesses(signNote(text, signers), { origin: ORIGIN, verifiers: [logVerifier] }, by);

describe('the witnesses of a checkpoint', () => {
  it('are none where the log alone signed', () => {
    expect(judge([log])).toMatchObject({ state: 'log-only', cosigned: [], known: 3, newest: null, isListed: true });
  });

  it('are too few, with the newest time, until the quorum is met', () => {
    expect(judge([log, witness(3, 1000)])).toMatchObject({
      state: 'cosigned',
      cosigned: [{ witness: 'W3', timestamp: 1000 }],
      newest: 1000,
    });
    expect(judge([witness(4, 3000), log, witness(2, 2000)])).toMatchObject({
      state: 'quorum-met',
      cosigned: [
        { witness: 'W2', timestamp: 2000 },
        { witness: 'W4', timestamp: 3000 },
      ],
      newest: 3000,
      evaluation: { met: true, groups: [{ name: 'two', witnessed: ['W2', 'W4'] }] },
    });
  });

  it('count once, however many lines they sign', () => {
    expect(judge([log, witness(3, 1000), witness(3, 2000)])).toMatchObject({ state: 'cosigned', newest: 1000 });
  });

  it('are not those that the policy does not know', () => {
    expect(judge([log, witness(7, 1000), witness(8, 1000)])).toMatchObject({ state: 'log-only' });
    const stranger = { ...witness(7, 1000), name: 'w2.example' };
    expect(judge([log, stranger])).toMatchObject({ state: 'log-only' });
  });

  it('do not replace the log', () => {
    expect(() => judge([witness(2, 1), witness(3, 1)])).toThrow(expect.objectContaining({ code: 'unsigned' }));
  });

  it('refuse the whole note by a bad line', () => {
    const bad = { ...witness(3, 1), sign: () => new Uint8Array(72) };
    expect(() => judge([log, witness(2, 1), witness(4, 1), bad])).toThrow(
      expect.objectContaining({ code: 'bad-signature' }),
    );
  });

  it('meet no quorum of a policy that is about other logs, or asks for nobody', () => {
    const elsewhere = policyOf(
      `log ${formatVerifierKey(ed25519Verifier('other.example', ed25519.getPublicKey(seed(5))))}`,
      `witness W2 ${vkey(2)}`,
      'quorum W2',
    );
    expect(judge([log, witness(2, 1)], elsewhere)).toMatchObject({ state: 'cosigned', isListed: false });
    const none = policyOf(`witness W2 ${vkey(2)}`, 'quorum none');
    expect(judge([log], none)).toMatchObject({ state: 'log-only', isListed: true });
    expect(judge([log, witness(2, 1)], none)).toMatchObject({ state: 'cosigned', isListed: true });
  });
});

describe('witnesses with ML-DSA-44 keys', () => {
  const keys = generateKeyPairSync('ml-dsa-44');
  const publicKey = new Uint8Array(keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-1312));
  const verifier = mlDsa44CosignatureVerifier('w2.example', publicKey, serverPrimitives);
  const signer = (timestamp: number, privateKey: KeyObject = keys.privateKey): NoteSigner => ({
    name: verifier.name,
    keyId: verifier.keyId,
    sign() {
      const tree = { cosigner: verifier.name, timestamp, origin: ORIGIN, size: 12, root };
      return encodeCosignature(timestamp, sign(null, cosignedTreeMessage(tree), privateKey));
    },
  });
  const lines = [
    `witness pq ${formatVerifierKey(verifier)}`,
    `witness ed ${vkey(2)}`,
    'group both all pq ed',
    'quorum both',
  ];
  const both = policyOf(...lines);

  it('are told from others of the same name by their keys', () => {
    expect(judge([log, signer(500)], both)).toMatchObject({ state: 'cosigned', cosigned: [{ witness: 'pq' }] });
    expect(judge([log, signer(500), witness(2, 600)], both)).toMatchObject({ state: 'quorum-met', newest: 600 });
  });

  it('may make no statement of time', () => {
    const { cosigned, newest } = judge([log, signer(0)], both);
    expect(cosigned).toEqual([{ witness: 'pq', timestamp: null }]);
    expect(newest).toBeNull();
  });

  it('refuse the note by a bad line where they can be checked, and are not checked where they cannot', () => {
    const forged = signer(500, generateKeyPairSync('ml-dsa-44').privateKey);
    expect(() => judge([log, forged], both)).toThrow(expect.objectContaining({ code: 'bad-signature' }));
    const portable = parsePolicy(Buffer.from(`${lines.join('\n')}\n`));
    expect(judge([log, forged, witness(2, 1)], portable)).toMatchObject({ state: 'cosigned', unchecked: ['pq'] });
  });
});
