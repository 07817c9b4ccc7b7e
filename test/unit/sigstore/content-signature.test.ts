import { constants, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import { verifyContentSignature } from '#lib/sigstore/content-signature.ts';
import { digestsOf, preAuthEncoding } from '#lib/sigstore/pae.ts';

const file = Buffer.from('a file');
const payloadType = 'application/vnd.in-toto+json';
const pae = preAuthEncoding(payloadType, file);

type Content = Pick<ParsedBundle, 'payload' | 'payloadType' | 'signed' | 'signature'>;
const envelope = (signature: Buffer): Content => ({ payload: file, payloadType, signed: digestsOf(pae), signature });
const message = (signature: Buffer, algorithm: 'sha256' | 'sha512' = 'sha256'): Content => ({
  payload: null,
  payloadType: null,
  signed: { sha256: null, sha384: null, sha512: null, [algorithm]: hash(algorithm, file) },
  signature,
});
const verify = (content: Content, key: KeyObject, artifact?: Buffer) =>
  verifyContentSignature(content as ParsedBundle, key, artifact);

describe('the signature over the content of a bundle', () => {
  it('by a P-384 or P-521 key is taken with the hash of the curve, and with SHA-256 as older clients made it', () => {
    for (const [namedCurve, algorithm] of [
      ['P-384', 'sha384'],
      ['P-521', 'sha512'],
    ] as const) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
      expect(verify(envelope(sign(algorithm, pae, privateKey)), publicKey)).toBe(true);
      expect(verify(envelope(sign('sha256', pae, privateKey)), publicKey)).toBe(true);
      expect(verify(envelope(sign(algorithm, file, privateKey)), publicKey)).toBe(false);
    }
  });

  it('by a P-256 key is taken over the digest that a message states, without the file', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(verify(message(sign('sha256', file, privateKey)), publicKey)).toBe(true);
    expect(verify(message(sign('sha512', file, privateKey), 'sha512'), publicKey)).toBe(true);
    expect(verify(message(sign('sha256', pae, privateKey)), publicKey)).toBe(false);
  });

  it('by an Ed25519 key is taken plain and prehashed', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    expect(verify(envelope(sign(null, pae, privateKey)), publicKey)).toBe(true);
    expect(verify(envelope(sign(null, file, privateKey)), publicKey)).toBe(false);
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
    const prehashed = Buffer.from(ed25519ph.sign(file, seed));
    expect(verify(message(prehashed, 'sha512'), publicKey)).toBe(true);
    expect(verify(message(prehashed), publicKey, file)).toBe(true);
    expect(verify(message(prehashed), publicKey)).toBe('unsupported');
    expect(verify(message(sign(null, file, privateKey)), publicKey, file)).toBe(true);
  });

  it('by an RSA key is taken with PKCS #1 v1.5, and with PSS for keys that are bound to it', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(verify(envelope(sign('sha256', pae, rsa.privateKey)), rsa.publicKey)).toBe(true);
    expect(verify(message(sign('sha256', file, rsa.privateKey)), rsa.publicKey)).toBe(true);
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    expect(verify(envelope(sign('sha256', pae, { key: pss.privateKey, padding })), pss.publicKey)).toBe(true);
    expect(verify(message(sign('sha256', file, { key: pss.privateKey, padding })), pss.publicKey)).toBe('unsupported');
  });
});
