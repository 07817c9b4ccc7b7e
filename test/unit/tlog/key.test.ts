import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '#lib/tlog/base64.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { ecdsaP256Verifier, ed25519Verifier, formatVerifierKey, parseVerifierKey } from '#lib/tlog/key.ts';
import { noteKeyHash, spkiHash } from '#lib/tlog/key-id.ts';
import { noblePrimitives } from '#lib/tlog/primitives.ts';
import { ed25519KeyFromSpki, ed25519SpkiFromKey } from '#lib/tlog/spki.ts';
import { nodePrimitives } from './node-primitives.ts';
import { refusal } from './refusal.ts';

// The key of the public Rekor v1, whose checkpoints carry the key id c0d23d6a.
const PUBLIC_REKOR_SPKI = decodeBase64(
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw==',
);
const PUBLIC_REKOR_KEY =
  'rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=';

const text = new TextEncoder().encode('origin\n1\nroot\n');
const ed = ed25519.keygen(new Uint8Array(32).fill(3));
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ecSpki = new Uint8Array(ec.publicKey.export({ type: 'spki', format: 'der' }));
const derSignature = (message = text) => new Uint8Array(sign('sha256', message, ec.privateKey));

describe('an Ed25519 key', () => {
  const key = ed25519Verifier('log.example', ed.publicKey);

  test('has the key id of the signed-note specification', () => {
    const expected = createHash('sha256').update('log.example\n\u0001').update(ed.publicKey).digest();
    expect(key.keyId).toBe(expected.readUInt32BE(0));
    expect(toHex(noteKeyHash('log.example', 1, ed.publicKey))).toBe(expected.toString('hex'));
  });

  test('verifies its own signatures and no others', () => {
    const signature = ed25519.sign(text, ed.secretKey);
    expect(key.verify(text, signature)).toBe(true);
    expect(key.verify(text.subarray(1), signature)).toBe(false);
    for (const length of [0, 63, 65, 72]) expect(key.verify(text, new Uint8Array(length))).toBe(false);
  });

  test('does not verify a signature whose point is not spelled canonically', () => {
    // Made with the nonce 0, so that R is the neutral point: y = 1, which 2^255 - 18 spells too, but not canonically.
    const { scalar } = ed25519.utils.getExtendedPublicKey(ed.secretKey);
    const signWith = (R: Uint8Array) => {
      const digest = createHash('sha512').update(R).update(ed.publicKey).update(text).digest().reverse();
      const k = BigInt(`0x${digest.toString('hex')}`);
      const s = ((k * scalar) % ed25519.Point.Fn.ORDER).toString(16).padStart(64, '0');
      return Uint8Array.of(...R, ...Buffer.from(s, 'hex').reverse());
    };
    const canonical = new Uint8Array(32).with(0, 1);
    const other = new Uint8Array(32).fill(0xff).with(0, 0xee).with(31, 0x7f);
    expect(key.verify(text, signWith(canonical))).toBe(true);
    expect(key.verify(text, signWith(other))).toBe(false);
    expect(ed25519Verifier('log.example', ed.publicKey, nodePrimitives).verify(text, signWith(other))).toBe(false);
  });

  test('is refused when it is no point, not canonical, or of small order', () => {
    const points = ['01', '00', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'].map((hex) =>
      hex.padEnd(64, '0'),
    );
    const notCanonical = 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';
    for (const hex of [...points, notCanonical, '02'.padEnd(64, '0')]) {
      expect(() => ed25519Verifier('log.example', Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(
        refusal('bad-key'),
      );
    }
    for (const length of [0, 31, 33, 44]) {
      expect(() => ed25519Verifier('log.example', new Uint8Array(length).fill(3))).toThrow(refusal('bad-key'));
    }
  });

  test('is taken from its SPKI, and from that of no other kind of key', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    expect(ed25519KeyFromSpki(spki)).toEqual(spki.subarray(12));
    expect(ed25519SpkiFromKey(spki.subarray(12))).toEqual(spki);
    expect(() => ed25519SpkiFromKey(new Uint8Array(32))).toThrow(refusal('bad-key'));
    const x25519 = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
    for (const wrong of [
      ecSpki,
      new Uint8Array(x25519),
      spki.subarray(1),
      Uint8Array.of(...spki, 0),
      spki.subarray(12),
    ]) {
      expect(() => ed25519KeyFromSpki(wrong)).toThrow(refusal('bad-key'));
    }
  });
});

describe('an ECDSA P-256 key', () => {
  const key = ecdsaP256Verifier('rekor.example', ecSpki);

  test('has the key id that Rekor v1 gives it', () => {
    expect(ecdsaP256Verifier('rekor.sigstore.dev', PUBLIC_REKOR_SPKI).keyId).toBe(0xc0d23d6a);
    expect(toHex(spkiHash(PUBLIC_REKOR_SPKI)).slice(0, 8)).toBe('c0d23d6a');
  });

  test('verifies its own signatures and no others', () => {
    expect(key.verify(text, derSignature())).toBe(true);
    expect(key.verify(text.subarray(1), derSignature())).toBe(false);
    expect(key.verify(text, new Uint8Array(0))).toBe(false);
    expect(key.verify(text, Uint8Array.of(...derSignature(), 0))).toBe(false);
  });

  test('verifies a signature with a low and with a high s', () => {
    const { r, s } = p256.Signature.fromBytes(derSignature(), 'der');
    const other = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes('der');
    expect(key.verify(text, other)).toBe(true);
    expect(ecdsaP256Verifier('rekor.example', ecSpki, nodePrimitives).verify(text, other)).toBe(true);
  });

  test('is refused when its SPKI is of another curve, compressed, cut, or no point', () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'der' });
    const noPoint = ecSpki.with(90, (ecSpki[90] ?? 0) ^ 1);
    const compressed = ecSpki.with(26, 2);
    for (const wrong of [new Uint8Array(p384), noPoint, compressed, ecSpki.subarray(1), Uint8Array.of(...ecSpki, 0)]) {
      expect(() => ecdsaP256Verifier('rekor.example', wrong)).toThrow(refusal('bad-key'));
    }
  });
});

test('noble and OpenSSL agree on signatures with changed bytes', () => {
  const edSignature = ed25519.sign(text, ed.secretKey);
  const ecSignature = derSignature();
  fc.assert(
    fc.property(fc.nat(71), fc.integer({ min: 0, max: 255 }), (at, mask) => {
      const edChanged = edSignature.map((byte, i) => (i === at ? byte ^ mask : byte));
      expect(noblePrimitives.verifyEd25519(edChanged, text, ed.publicKey)).toBe(
        nodePrimitives.verifyEd25519(edChanged, text, ed.publicKey),
      );
      const ecChanged = ecSignature.map((byte, i) => (i === at ? byte ^ mask : byte));
      expect(noblePrimitives.verifyP256(ecChanged, text, ecSpki)).toBe(
        nodePrimitives.verifyP256(ecChanged, text, ecSpki),
      );
    }),
    { numRuns: 100 },
  );
});

describe('a verifier key', () => {
  test('is read for logs and cosigners, and written alike', () => {
    for (const verifier of [ed25519Verifier('log.example', ed.publicKey), ecdsaP256Verifier('rekor.example', ecSpki)]) {
      const read = parseVerifierKey(formatVerifierKey(verifier));
      expect({ ...read, verify: undefined }).toEqual({ ...verifier, verify: undefined });
    }
    const rekor = parseVerifierKey(PUBLIC_REKOR_KEY);
    expect(rekor).toMatchObject({ kind: 'ecdsa', name: 'rekor.sigstore.dev', keyId: 0xc0d23d6a });
    expect(formatVerifierKey(rekor)).toBe(PUBLIC_REKOR_KEY);
    const cosigner = vkey('witness.example', 4, ed.publicKey);
    expect(parseVerifierKey(cosigner)).toMatchObject({ kind: 'cosignature', name: 'witness.example' });
    expect(formatVerifierKey(parseVerifierKey(cosigner))).toBe(cosigner);
  });

  test('uses the primitives that it is given', () => {
    const yes = { verifyEd25519: () => true, verifyP256: () => true };
    for (const key of [PUBLIC_REKOR_KEY, vkey('log.example', 1, ed.publicKey)]) {
      expect(parseVerifierKey(key, yes).verify(text, new Uint8Array(1))).toBe(true);
    }
  });

  const good = vkey('log.example', 1, ed.publicKey);
  test.each([
    ['nothing', ''],
    ['no key', 'log.example+01020304'],
    ['another name', good.replace('log.', 'lag.')],
    ['an upper-case id', good.replace(/\+[0-9a-f]{8}\+/, (id) => id.toUpperCase().replaceAll('0', 'A'))],
    ['another id', good.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['a space in the name', vkey('log example', 1, ed.publicKey)],
    ['no name', vkey('', 1, ed.publicKey)],
    ['a newline behind it', `${good}\n`],
    ['a short key', vkey('log.example', 1, ed.publicKey.subarray(1))],
    ['a type that is not known', vkey('log.example', 6, ed.publicKey)],
    ['a raw key for ECDSA', vkey('log.example', 2, ed.publicKey)],
    ['no key bytes', vkey('log.example', 1, new Uint8Array(0))],
    ['more bytes than any key', `log.example+00000000+${'A'.repeat(2000)}`],
  ])('is refused with %s', (_, key) => {
    expect(() => parseVerifierKey(key)).toThrow(refusal('bad-key'));
  });

  test('is refused with base64 that is not canonical', () => {
    expect(() => parseVerifierKey(good.slice(0, -1))).toThrow(refusal('bad-base64'));
  });
});

function vkey(name: string, type: number, key: Uint8Array): string {
  const id = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(type)).update(key).digest('hex').slice(0, 8);
  return `${name}+${id}+${encodeBase64(Uint8Array.of(type, ...key))}`;
}
