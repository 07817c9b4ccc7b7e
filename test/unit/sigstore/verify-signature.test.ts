import { constants, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { ed25519, ed25519ph } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyDigestSignature } from '#lib/sigstore/verify-signature.ts';

const message = Buffer.from('what was signed');
const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const digestOf = (algorithm: string, data: Uint8Array = message): Buffer => hash(algorithm, data, 'buffer');

function verify(spkiDer: Uint8Array, algorithm: string, signature: Uint8Array, keyDetails = '', data = message) {
  return verifyDigestSignature({ spkiDer, keyDetails, digest: digestOf(algorithm, data), signature });
}

describe('a signature over a digest', () => {
  it.each([
    ['P-256', 'sha256'],
    ['P-384', 'sha384'],
    ['P-521', 'sha512'],
    ['P-384', 'sha256'],
  ])('of ECDSA %s with %s verifies, with a high s as well', (namedCurve, algorithm) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    // Half of all signatures have a high s.
    for (let i = 0; i < 6; i++) {
      const signature = sign(algorithm, message, privateKey);
      expect(verify(spkiOf(publicKey), algorithm, signature)).toBe(true);
      expect(verify(spkiOf(publicKey), algorithm, signature, '', Buffer.from('else'))).toBe(false);
    }
  });

  it.each(['sha256', 'sha384', 'sha512'])('of RSA PKCS #1 v1.5 with %s verifies', (algorithm) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signature = sign(algorithm, message, privateKey);
    expect(verify(spkiOf(publicKey), algorithm, signature)).toBe(true);
    expect(verify(spkiOf(publicKey), algorithm, signature, '', Buffer.from('else'))).toBe(false);
    const pss = sign(algorithm, message, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING });
    expect(verify(spkiOf(publicKey), algorithm, pss)).toBe(false);
    expect(verify(spkiOf(publicKey), algorithm, pss, 'PKIX_RSA_PSS_2048_SHA256')).toBe('unsupported');
  });

  it('of Ed25519ph verifies; plain Ed25519 cannot be checked from a digest', () => {
    const { secretKey, publicKey } = ed25519ph.keygen();
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
    const signature = ed25519ph.sign(message, secretKey);
    expect(verify(spki, 'sha512', signature, 'PKIX_ED25519_PH')).toBe(true);
    expect(verify(spki, 'sha512', signature, 'PKIX_ED25519_PH', Buffer.from('else'))).toBe(false);
    const plain = ed25519.sign(message, secretKey);
    expect(verify(spki, 'sha512', plain, 'PKIX_ED25519_PH')).toBe(false);
    expect(verify(spki, 'sha512', plain, 'PKIX_ED25519')).toBe('unsupported');
    expect(verify(spki, 'sha256', plain, 'PKIX_ED25519')).toBe('unsupported');
  });

  it('is checked by the kind of the key, whatever the entry calls it', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = sign('sha256', Buffer.from('else'), privateKey);
    for (const keyDetails of ['PKIX_ED25519', 'PKIX_RSA_PSS_2048_SHA256', 'NONSENSE']) {
      expect(verify(spkiOf(publicKey), 'sha256', forged, keyDetails)).toBe(false);
    }
  });

  it('is never good, and never an error, for hostile bytes', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const bytes = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(bytes, bytes, fc.boolean(), (noise, signature, isKeyNoise) => {
        const spkiDer = isKeyNoise ? noise : spkiOf(publicKey);
        return verifyDigestSignature({ spkiDer, keyDetails: '', digest: digestOf('sha256'), signature }) === false;
      }),
      { numRuns: 200 },
    );
  });

  it('of a curve that Sigstore does not use is unsupported', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    expect(verify(spkiOf(publicKey), 'sha256', sign('sha256', message, privateKey))).toBe('unsupported');
  });
});
