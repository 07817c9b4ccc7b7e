import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { serverPrimitives } from '#lib/rekor/server-primitives.ts';
import { formatCheckpoint, openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { encodeCosignature } from '#lib/tlog/cosignature.ts';
import { ed25519Verifier, formatVerifierKey, isLogKey, parseVerifierKey } from '#lib/tlog/key.ts';
import { cosignedTreeMessage, mlDsa44CosignatureVerifier } from '#lib/tlog/ml-dsa-cosignature.ts';
import { ed25519Signer, signNote } from '#lib/tlog/signer.ts';
import { refusal } from './refusal.ts';

const NAME = 'witness.example/w1';
const ORIGIN = 'log.example';
const TIME = 1_679_315_147;
const keys = generateKeyPairSync('ml-dsa-44');
const publicKey = new Uint8Array(keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-1312));
const witness = mlDsa44CosignatureVerifier(NAME, publicKey, serverPrimitives);
const root = new Uint8Array(32).fill(0xab);
const textOf = (extensions: readonly string[] = []) =>
  formatCheckpoint({ origin: ORIGIN, size: 300, root, extensions });
const text = textOf();

/** The structure of the specification, byte for byte. */
const message = (timestamp: number, { name = NAME, start = 0n, size = 300n } = {}) => {
  const numbers = Buffer.alloc(24);
  numbers.writeBigUInt64BE(BigInt(timestamp), 0);
  numbers.writeBigUInt64BE(start, 8);
  numbers.writeBigUInt64BE(size, 16);
  return Buffer.concat([
    Buffer.from('737562747265652f76310a00', 'hex'),
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    numbers.subarray(0, 8),
    Buffer.from([Buffer.byteLength(ORIGIN)]),
    Buffer.from(ORIGIN),
    numbers.subarray(8),
    root,
  ]);
};
const cosignature = (timestamp: number, changes = {}) =>
  encodeCosignature(timestamp, sign(null, message(timestamp, changes), keys.privateKey));
const log = ed25519.keygen(new Uint8Array(32).fill(3));
const logVerifier = ed25519Verifier(ORIGIN, log.publicKey);
const noteWith = (signature: Uint8Array, cosigned = text) =>
  signNote(cosigned, [
    ed25519Signer(ORIGIN, log.secretKey),
    { name: NAME, keyId: witness.keyId, sign: () => signature },
  ]);

describe('an ML-DSA-44 cosignature', () => {
  test('is over the structure of the specification', () => {
    const tree = { cosigner: NAME, timestamp: TIME, origin: ORIGIN, size: 300, root };
    expect(message(TIME).equals(cosignedTreeMessage(tree))).toBe(true);
    expect(cosignature(TIME)).toHaveLength(8 + 2420);
  });

  test('verifies on a checkpoint, and tells its time', () => {
    const policy = { origin: ORIGIN, verifiers: [logVerifier], cosigners: [witness] };
    expect(openCheckpoint(noteWith(cosignature(TIME)), policy).cosignatures).toEqual([{ name: NAME, timestamp: TIME }]);
    expect(openCheckpoint(noteWith(cosignature(0)), policy).cosignatures).toEqual([{ name: NAME, timestamp: 0 }]);
  });

  test('does not cover extension lines, as the specification says', () => {
    expect(witness.verify(textOf(['more']), cosignature(TIME))).toBe(true);
  });

  test('does not verify for another name, time, size, start, text or length', () => {
    const good = cosignature(TIME);
    expect(witness.verify(text, good)).toBe(true);
    expect(witness.verify(text, cosignature(TIME, { name: 'witness.example/w2' }))).toBe(false);
    expect(witness.verify(text, cosignature(TIME, { size: 301n }))).toBe(false);
    expect(witness.verify(text, cosignature(TIME, { start: 1n }))).toBe(false);
    expect(witness.verify(text, good.with(7, (good[7] ?? 0) ^ 1))).toBe(false);
    expect(witness.verify(text.with(0, 0x4c), good)).toBe(false);
    expect(witness.verify(new TextEncoder().encode('no checkpoint\n'), good)).toBe(false);
    for (const length of [0, 8, 72, 2427]) expect(witness.verify(text, good.subarray(0, length))).toBe(false);
    expect(witness.verify(text, Uint8Array.of(...good, 0))).toBe(false);
  });

  test('that is bad refuses the whole note', () => {
    const policy = { origin: ORIGIN, verifiers: [logVerifier], cosigners: [witness] };
    expect(() => openCheckpoint(noteWith(cosignature(TIME).fill(0, 8)), policy)).toThrow(refusal('bad-signature'));
  });

  test('is not checked where the platform has no ML-DSA: neither good nor bad', () => {
    const unable = mlDsa44CosignatureVerifier(NAME, publicKey);
    const policy = { origin: ORIGIN, verifiers: [logVerifier], cosigners: [unable] };
    for (const signature of [cosignature(TIME), cosignature(TIME).fill(0, 8)]) {
      const { cosignatures, note } = openCheckpoint(noteWith(signature), policy);
      expect(cosignatures).toEqual([]);
      expect(note.unchecked.map(({ verifier }) => verifier)).toEqual([unable]);
    }
    const alone = signNote(text, [{ name: NAME, keyId: unable.keyId, sign: () => cosignature(TIME) }]);
    expect(() => openCheckpoint(alone, policy)).toThrow(refusal('unsigned'));
  });
});

describe('an ML-DSA-44 key', () => {
  test('is written as a verifier key of type 6 and read again', () => {
    const hash = createHash('sha256').update(`${NAME}\n\u0006`).update(publicKey).digest();
    const vkey = formatVerifierKey(witness);
    expect(vkey).toMatch(new RegExp(`^witness.example/w1\\+${hash.toString('hex').slice(0, 8)}\\+B`));
    const read = parseVerifierKey(vkey, serverPrimitives);
    expect(read).toMatchObject({
      kind: 'ml-dsa-44-cosignature',
      name: NAME,
      keyId: witness.keyId,
      isUncheckable: false,
    });
    expect(isLogKey(read)).toBe(false);
    expect(parseVerifierKey(vkey).isUncheckable).toBe(true);
  });

  test('has 1,312 bytes and a name of at most 255', () => {
    expect(() => mlDsa44CosignatureVerifier(NAME, publicKey.subarray(1))).toThrow(refusal('bad-key'));
    expect(() => mlDsa44CosignatureVerifier('n'.repeat(256), publicKey)).toThrow(refusal('bad-key'));
    expect(() => mlDsa44CosignatureVerifier('a witness', publicKey)).toThrow(refusal('bad-key'));
  });
});
