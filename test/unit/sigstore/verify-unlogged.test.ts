import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOmsManifest } from '#lib/model-signing/oms.ts';
import { pythonRepr } from '#lib/model-signing/python-repr.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import type { OperatorTrust, TrustedKey } from '#lib/sigstore/operator-trust.ts';
import { signModel } from '#lib/sigstore/sign-model.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type UnloggedVerdict, verifyUnlogged } from '#lib/sigstore/verify-unlogged.ts';
import { type Json, MintedSigstore } from './mint-bundle.ts';
import { HOUR, T0 } from './mint-certificate.ts';
import {
  envelope,
  keyBundle,
  keySigner,
  mintDigestsStatement,
  mintStatement,
  PAYLOAD_TYPE,
  parse,
  signPae,
  trustKey,
} from './mint-oms.ts';
import { mintTimestamp } from './mint-timestamp.ts';

const sigstore = new MintedSigstore();
const root = parseTrustedRoot(JSON.stringify(sigstore.trustedRoot));
const operator = (...keys: readonly TrustedKey[]): OperatorTrust => ({ keys, authorities: [] });
const verify = (bundle: Json, ...keys: readonly TrustedKey[]) =>
  verifyUnlogged(parse(bundle), operator(...keys), { now: T0 + HOUR, seenAt: T0, root });
const codeOf = (verdict: UnloggedVerdict) => (verdict.outcome === 'refused' ? verdict.code : 'verified');

const signer = keySigner();
const release = trustKey('release', signer.publicKey);
const other = trustKey('other', keySigner().publicKey);
const bundle = keyBundle(signer);
const changed = (change: (copy: Json) => void): Json => {
  const copy = JSON.parse(JSON.stringify(bundle));
  change(copy);
  return copy;
};

describe('a bundle of a bare key, signed and not logged', () => {
  it.each(['P-256', 'P-384', 'P-521'])('verifies with the %s key that the operator named', (curve) => {
    const own = keySigner(curve);
    const verdict = verify(keyBundle(own), other, trustKey('release', own.publicKey));
    const spki = own.publicKey.export({ type: 'spki', format: 'der' });
    const hint = createHash('sha256')
      .update(own.publicKey.export({ type: 'spki', format: 'pem' }))
      .digest('hex');
    expect(verdict).toMatchObject({
      outcome: 'verified',
      method: 'key',
      signer: { method: 'key', name: 'release', fingerprint: createHash('sha256').update(spki).digest('hex'), hint },
      signedAt: null,
      signedAtSource: null,
    });
  });

  it('says with every such check that nothing shows when it was signed', () => {
    const { checks } = verify(bundle, release);
    expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'bundle passed',
      'timestamp not-made',
      'log-entry not-made',
      'signature passed',
    ]);
    for (const { name, statement } of checks.slice(1)) {
      expect(`${name}: ${statement}`).toMatch(/[Nn]othing shows when/);
    }
  });

  it('is refused where the operator trusts no key, or another one, with the way to mend it', () => {
    for (const keys of [[], [other]]) {
      const verdict = verify(bundle, ...keys);
      expect(codeOf(verdict)).toBe('key-not-trusted');
      expect(verdict).toMatchObject({ reason: expect.stringContaining('trust.keys') });
    }
  });

  it('is refused where it names another key than the one that signed it', () => {
    const mislabelled = changed((copy) => {
      copy.verificationMaterial.publicKey.hint = other.hints[0];
    });
    expect(codeOf(verify(mislabelled, release))).toBe('hint-mismatch');
    expect(codeOf(verify(mislabelled, release, other))).toBe('hint-mismatch');
  });

  it.each([
    ['payload', (copy: Json) => (copy.dsseEnvelope.payload = Buffer.from(mintDigestsStatement()).toString('base64'))],
    ['payload type', (copy: Json) => (copy.dsseEnvelope.payloadType = 'application/json')],
    [
      'signature',
      (copy: Json) =>
        (copy.dsseEnvelope.signatures[0].sig = sign('sha256', Buffer.from('x'), signer.privateKey).toString('base64')),
    ],
  ])('is refused where its %s was changed', (_, change) => {
    expect(codeOf(verify(changed(change), release))).toBe('signature-invalid');
  });

  it('may have a key id that is absent, empty or null, as the releases wrote it', () => {
    const payload = mintStatement();
    for (const keyid of [undefined, '', null]) {
      const own = envelope(payload, signPae('sha256', payload, signer.privateKey), { publicKey: {} }, keyid);
      expect(codeOf(verify(own, other, release))).toBe('verified');
    }
  });

  it('without a hint is verified by whichever trusted key made it, and refused where none did', () => {
    const payload = mintStatement();
    const own = envelope(payload, signPae('sha256', payload, signer.privateKey), { publicKey: { hint: '' } });
    expect(verify(own, other, release)).toMatchObject({ signer: { name: 'release', hint: null } });
    expect(codeOf(verify(own, other))).toBe('key-not-trusted');
  });

  it('may name its key as cosign does', () => {
    const named = changed((copy) => {
      copy.verificationMaterial.publicKey.hint = createHash('sha256').update(release.spkiDer).digest('base64');
    });
    expect(codeOf(verify(named, release))).toBe('verified');
  });

  it('of model_signing before 1.1 brings its key, which is compared and not believed', () => {
    const payload = mintStatement();
    const pem = (key: TrustedKey) => Buffer.from(key.key.export({ type: 'spki', format: 'pem' })).toString('base64');
    const old = (rawBytes: string) =>
      envelope(payload, signPae('sha256', payload, signer.privateKey), {
        publicKey: { rawBytes, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
      });
    expect(codeOf(verify(old(pem(release)), other, release))).toBe('verified');
    expect(codeOf(verify(old(pem(release)), other))).toBe('key-not-trusted');
    expect(codeOf(verify(old(pem(other)), other, release))).toBe('hint-mismatch');
    for (const hostile of [
      'AAAA',
      Buffer.from('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n').toString('base64'),
    ]) {
      expect(() => parse(old(hostile))).toThrow(/publicKey\.rawBytes is not a public key in PEM/);
    }
  });

  it('is refused in a format older than 0.3', () => {
    const old = changed((copy) => {
      copy.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
    });
    expect(codeOf(verify(old, release))).toBe('old-format');
  });

  it('is refused with any bit of signature or payload changed', () => {
    const fields = ['signature', 'payload'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.nat(), fc.nat(7), (field, at, bit) => {
        const flipped = changed((copy) => {
          const place = field === 'payload' ? copy.dsseEnvelope : copy.dsseEnvelope.signatures[0];
          const key = field === 'payload' ? 'payload' : 'sig';
          const bytes = Buffer.from(place[key], 'base64');
          const index = at % bytes.length;
          bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
          place[key] = bytes.toString('base64');
        });
        expect(codeOf(verify(flipped, release))).toBe('signature-invalid');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a timestamp on a bundle that is not logged', () => {
  const stamped = (der: Buffer) =>
    changed((copy) => {
      copy.verificationMaterial.timestampVerificationData = {
        rfc3161Timestamps: [{ signedTimestamp: der.toString('base64') }],
      };
    });
  const signature = Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64');

  it('of an authority of the trust root proves when it was signed', () => {
    const verdict = verify(stamped(mintTimestamp(signature, T0 - HOUR, sigstore.tsa)), release);
    expect(verdict).toMatchObject({ signedAt: T0 - HOUR, signedAtSource: 'timestamp-authority' });
    expect(verdict.checks.find(({ name }) => name === 'log-entry')).toMatchObject({ outcome: 'not-made' });
  });

  it('of an authority that nobody knows proves nothing, and does no harm', () => {
    const verdict = verify(stamped(mintTimestamp(signature, T0 - HOUR, new MintedSigstore().tsa)), release);
    expect(verdict).toMatchObject({ outcome: 'verified', signedAt: null });
    expect(verdict.checks.some(({ name, outcome }) => name === 'timestamp' && outcome === 'passed')).toBe(false);
  });

  it('of a known authority over another signature is refused', () => {
    const verdict = verify(stamped(mintTimestamp(Buffer.from('other'), T0 - HOUR, sigstore.tsa)), release);
    expect(codeOf(verdict)).toBe('timestamp-invalid');
  });
});

describe('a statement of model_signing 0.2', () => {
  const payload = mintDigestsStatement();
  const quirk = (of: Uint8Array) =>
    Buffer.concat([Buffer.from(`DSSEV1 28 ${PAYLOAD_TYPE} ${of.length} `), pythonRepr(of)]);
  const signed = (of: Uint8Array, hash: string, key = signer.privateKey) =>
    envelope(of, sign(hash, quirk(of), key), { publicKey: {} }, null);

  it('verifies over the mistaken encoding, with SHA-256 whatever the curve', () => {
    expect(codeOf(verify(signed(payload, 'sha256'), release))).toBe('verified');
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const key = trustKey('p384', p384.publicKey);
    expect(codeOf(verify(signed(payload, 'sha256', p384.privateKey), key))).toBe('verified');
    expect(codeOf(verify(signed(payload, 'sha384', p384.privateKey), key))).toBe('verified');
    expect(codeOf(verify(signed(payload, 'sha512', p384.privateKey), key))).toBe('key-not-trusted');
  });

  it('gives a manifest of its subjects, which states no root', () => {
    const manifest = readOmsManifest(parseStatement(payload));
    expect(manifest).toMatchObject({ rootStated: false, method: 'files', ignorePaths: [] });
    expect(manifest.resources.map(({ name }) => name)).toEqual(["it's", 'b"é']);
  });

  it('may be signed over the right encoding too', () => {
    expect(
      codeOf(verify(envelope(payload, signPae('sha256', payload, signer.privateKey), { publicKey: {} }), release)),
    ).toBe('verified');
  });

  it('is the only one for which the mistaken encoding counts', () => {
    const later = mintStatement();
    expect(codeOf(verify(signed(later, 'sha256'), release))).toBe('key-not-trusted');
    expect(codeOf(verify(signed(Buffer.from('{}'), 'sha256'), release))).toBe('key-not-trusted');
  });
});

describe('signing a model', () => {
  it('is refused with a key of another curve or kind', () => {
    for (const pair of [generateKeyPairSync('ec', { namedCurve: 'secp256k1' }), generateKeyPairSync('ed25519')]) {
      expect(() => signModel(mintStatement(), { method: 'key', ...pair })).toThrow(/P-256, P-384 or P-521/);
    }
  });

  it('gives the bundle that model_signing 1.1.1 reads', () => {
    expect(bundle).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: release.hints[0] }, tlogEntries: [] },
      dsseEnvelope: {
        payload: Buffer.from(mintStatement()).toString('base64'),
        payloadType: PAYLOAD_TYPE,
        signatures: [{ sig: expect.any(String), keyid: '' }],
      },
    });
  });
});
