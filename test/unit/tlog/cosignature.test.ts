import { createHash, createPrivateKey, sign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { cosignatureVerifier } from '#lib/tlog/cosignature.ts';
import { cosignatureSigner } from '#lib/tlog/signer.ts';
import { refusal } from './refusal.ts';

const { secretKey, publicKey } = ed25519.keygen(new Uint8Array(32).fill(4));
const witness = cosignatureVerifier('witness.example', publicKey);
const body = new TextEncoder().encode('log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
const TIME = 1_679_315_147;
const cosignature = cosignatureSigner('witness.example', secretKey, () => TIME).sign(body);

describe('a cosignature', () => {
  test('has a key id of its own type', () => {
    const expected = createHash('sha256').update('witness.example\n\u0004').update(publicKey).digest();
    expect(witness.keyId).toBe(expected.readUInt32BE(0));
    expect(cosignatureSigner('witness.example', secretKey, () => 0).keyId).toBe(witness.keyId);
  });

  test('verifies, and tells its time', () => {
    expect(witness.verify(body, cosignature)).toBe(true);
    expect(witness.timestamp(cosignature)).toBe(TIME);
  });

  test('is over the header, the time and the whole text', () => {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secretKey]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const message = Buffer.concat([Buffer.from(`cosignature/v1\ntime ${TIME}\n`), body]);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(TIME));
    expect(Buffer.concat([time, sign(null, message, key)]).equals(cosignature)).toBe(true);
  });

  test('does not verify with another time, text or length', () => {
    for (let at = 0; at < 8; at++) expect(witness.verify(body, cosignature.with(at, 0xff))).toBe(false);
    expect(witness.verify(body.with(0, 0x4c), cosignature)).toBe(false);
    for (const length of [0, 8, 64, 71]) expect(witness.verify(body, cosignature.subarray(0, length))).toBe(false);
    expect(witness.verify(body, Uint8Array.of(...cosignature, 0))).toBe(false);
  });

  test('is not a plain signature of the text, nor is that a cosignature', () => {
    const plain = ed25519.sign(body, secretKey);
    expect(witness.verify(body, plain)).toBe(false);
    expect(witness.verify(body, Uint8Array.of(...cosignature.subarray(0, 8), ...plain))).toBe(false);
  });

  test('with a time beyond 2^53 - 1 seconds does not verify, though signed', () => {
    const signature = cosignature.slice();
    new DataView(signature.buffer).setBigUint64(0, 2n ** 53n);
    expect(witness.verify(body, signature)).toBe(false);
    expect(() => witness.timestamp(signature)).toThrow(refusal('bad-signature'));
    for (const length of [71, 73]) {
      expect(() => witness.timestamp(new Uint8Array(length))).toThrow(refusal('bad-signature'));
    }
  });

  test('needs a usable key and a name', () => {
    expect(() => cosignatureVerifier('witness.example', new Uint8Array(32))).toThrow(refusal('bad-key'));
    expect(() => cosignatureVerifier('a witness', publicKey)).toThrow(refusal('bad-key'));
  });
});
