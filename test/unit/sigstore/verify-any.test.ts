import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import { NO_OPERATOR_TRUST, type OperatorTrust } from '#lib/sigstore/operator-trust.ts';
import { signModel } from '#lib/sigstore/sign-model.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import { IDENTITY, type Json, MintedSigstore } from './mint-bundle.ts';
import { HOUR, T0 } from './mint-certificate.ts';
import {
  certificateBundle,
  keyBundle,
  keySigner,
  MintedAuthority,
  mintStatement,
  parse,
  trustKey,
} from './mint-oms.ts';

const sigstore = new MintedSigstore();
const root = parseTrustedRoot(JSON.stringify(sigstore.trustedRoot));
const own = new MintedAuthority();
const signer = keySigner();
const operator: OperatorTrust = { keys: [trustKey('release', signer.publicKey)], authorities: [own.trusted()] };
const payload = Buffer.from(mintStatement());
const verify = (bundle: Json, trust = operator) =>
  verifyAnyBundle(parse(bundle), root, trust, { now: T0 + HOUR, seenAt: T0 });

describe('any bundle', () => {
  it('of Sigstore is verified by its log', () => {
    expect(verify(sigstore.bundle({ log: 'v1', payload }))).toMatchObject({
      logged: true,
      outcome: 'verified',
      key: null,
      signer: { value: IDENTITY },
    });
  });

  it('of a bare key or a chain without a log entry is signed, not logged', () => {
    expect(verify(keyBundle(signer))).toMatchObject({ logged: false, outcome: 'verified', method: 'key' });
    const bundle = JSON.parse(signModel(mintStatement(), own.signer()));
    expect(verify(bundle)).toMatchObject({ logged: false, outcome: 'verified', method: 'certificate' });
    expect(verify(bundle, NO_OPERATOR_TRUST)).toMatchObject({ logged: false, code: 'certificate-not-trusted' });
  });

  it('of Sigstore does not pass for one that was never logged by losing its entries', () => {
    const bundle = sigstore.bundle({ log: 'v1', payload });
    bundle.verificationMaterial.tlogEntries = [];
    expect(verify(bundle)).toMatchObject({ logged: true, outcome: 'refused', code: 'no-log-entry' });
    bundle.verificationMaterial.x509CertificateChain = { certificates: [bundle.verificationMaterial.certificate] };
    bundle.verificationMaterial.certificate = undefined;
    expect(verify(bundle)).toMatchObject({ logged: false, outcome: 'refused', code: 'certificate-not-trusted' });
  });

  it('of a bare key in a log is verified by log and trusted key', () => {
    const leaf = { der: Buffer.alloc(0), key: signer };
    const bundle = sigstore.bundle({ log: 'v1', payload, leaf, bareKey: true });
    expect(verify(bundle)).toMatchObject({
      logged: true,
      outcome: 'verified',
      key: { name: 'release' },
      signedAt: T0 + 30_000,
    });
    expect(verify(bundle, NO_OPERATOR_TRUST)).toMatchObject({ logged: true, code: 'key-not-trusted', key: null });
  });

  it('of a chain with log entries must be in the log', () => {
    const bundle = certificateBundle(own.signer());
    bundle.verificationMaterial.tlogEntries = sigstore.bundle({ log: 'v1', payload }).verificationMaterial.tlogEntries;
    expect(verify(bundle)).toMatchObject({ logged: true, outcome: 'refused', code: 'certificate-without-identity' });
  });
});

/** Paths to every value in a bundle's JSON. */
function pathsOf(value: Json, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.keys(value).flatMap((key) => pathsOf(value[key], [...at, key]))];
}

describe('a hostile bundle that was never logged', () => {
  const honest: readonly Json[] = [keyBundle(signer), certificateBundle(own.signer())];
  const places = honest.flatMap((bundle) =>
    pathsOf(bundle)
      .filter(({ length }) => length > 0)
      .map((path) => ({ bundle, path })),
  );
  /** Nothing depends on the key id; without a hint every key is tried; an intermediate more changes nothing. */
  const harmless = /keyid|publicKey(\.hint)?$|tlogEntries|certificates\.1/;

  function outcomeOf(bundle: Json): 'verified' | 'refused' {
    try {
      return verify(bundle).outcome;
    } catch (error) {
      if (error instanceof BundleError) return 'refused';
      throw error;
    }
  }

  it('with any one field replaced is refused, never a crash', () => {
    expect(honest.map(outcomeOf)).toEqual(['verified', 'verified']);
    const junk = fc.oneof(
      fc.constantFrom<unknown>(null, true, -1, 1e308, '', 'AAAA', [], {}, '\u0000', 'x'.repeat(5000)),
      fc.base64String({ maxLength: 200 }),
      fc.json().map((text) => JSON.parse(text)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, ({ bundle, path }, value) => {
        const changed = structuredClone(bundle);
        const parent = path.slice(0, -1).reduce((at: Json, key) => at[key], changed);
        parent[path.at(-1) ?? ''] = value;
        return outcomeOf(changed) === 'refused' || harmless.test(path.join('.'));
      }),
      { numRuns: 500 },
    );
  });

  it('with any one bit of its certificates changed is refused, never a crash', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1), fc.nat(), fc.nat(7), (which, position, bit) => {
        const changed = structuredClone(honest[1]);
        const certificate = changed.verificationMaterial.x509CertificateChain.certificates[which];
        const bytes = Buffer.from(certificate.rawBytes, 'base64');
        const at = position % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        certificate.rawBytes = bytes.toString('base64');
        return outcomeOf(changed) === 'refused';
      }),
      { numRuns: 300 },
    );
  });
});
