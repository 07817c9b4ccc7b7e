import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseTrustedAuthority, type TrustedAuthority } from '#lib/sigstore/operator-trust.ts';
import { signModel } from '#lib/sigstore/sign-model.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type UnloggedVerdict, verifyUnlogged } from '#lib/sigstore/verify-unlogged.ts';
import { element, email, extension, oid, sequence } from '#test/unit/watch/der-builder.ts';
import { type Json, MintedSigstore } from './mint-bundle.ts';
import { CA_EXTENSIONS, CODE_SIGNING, common, HOUR, mintKey, T0, TIME_STAMPING } from './mint-certificate.ts';
import {
  certificateBundle,
  keyUsage,
  MintedAuthority,
  mintStatement,
  parse,
  purpose,
  SIGNER_EXTENSIONS,
} from './mint-oms.ts';
import { mintTimestamp } from './mint-timestamp.ts';

const YEAR = 365 * 24 * HOUR;
const sigstore = new MintedSigstore();
const root = parseTrustedRoot(JSON.stringify(sigstore.trustedRoot));
const own = new MintedAuthority();
const trusted = own.trusted();

const verify = (bundle: Json, authorities: readonly TrustedAuthority[] = [trusted], seenAt = T0) =>
  verifyUnlogged(parse(bundle), { keys: [], authorities }, { now: T0 + HOUR, seenAt, root });
const codeOf = (verdict: UnloggedVerdict) => (verdict.outcome === 'refused' ? verdict.code : 'verified');
const boolean = element(0x01, Uint8Array.of(0xff));
const critical = (dotted: string, value: Uint8Array) => sequence(oid(dotted), boolean, element(0x04, value));
const pathLength = (length: number) => extension('2.5.29.19', sequence(boolean, element(0x02, Uint8Array.of(length))));

describe('a bundle by certificate, signed and not logged', () => {
  it('verifies where it chains to an authority of the operator', () => {
    const names = extension('2.5.29.17', sequence(email('release-bot@models.example')));
    const signer = own.signer({ extensions: [...SIGNER_EXTENSIONS, names] });
    const verdict = verify(JSON.parse(signModel(mintStatement(), signer)));
    expect(verdict).toMatchObject({
      outcome: 'verified',
      method: 'certificate',
      signer: {
        method: 'certificate',
        subject: 'CN=release-bot',
        san: 'release-bot@models.example',
        authority: 'own authority',
      },
      signedAt: null,
    });
    expect(verdict.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'bundle passed',
      'timestamp not-made',
      'log-entry not-made',
      'certificate-chain passed',
      'certificate-time passed',
      'signature passed',
    ]);
    expect(verdict.checks[4]?.statement).toContain('When it was signed, nothing shows.');
  });

  it('needs no name beside its subject', () => {
    expect(verify(certificateBundle(own.signer()))).toMatchObject({ signer: { san: null } });
  });

  it('is refused without authorities, and under those of others, with the way to mend it', () => {
    const bundle = certificateBundle(own.signer());
    for (const authorities of [[], [new MintedAuthority().trusted()]]) {
      const verdict = verify(bundle, authorities);
      expect(codeOf(verdict)).toBe('certificate-not-trusted');
      expect(verdict).toMatchObject({ reason: expect.stringContaining('trust.authorities') });
    }
  });

  it('is not trusted for the root that it brings along', () => {
    const chain = [own.intermediate.certificate, own.root.certificate];
    expect(codeOf(verify(certificateBundle(own.signer(), chain), [new MintedAuthority().trusted()]))).toBe(
      'certificate-not-trusted',
    );
    expect(codeOf(verify(certificateBundle(own.signer(), chain)))).toBe('verified');
  });

  it('is refused without its intermediate, unless the operator has that', () => {
    const bundle = certificateBundle(own.signer(), []);
    expect(codeOf(verify(bundle))).toBe('certificate-not-trusted');
    const both = own.root.certificate.toString() + own.intermediate.certificate.toString();
    expect(codeOf(verify(bundle, [parseTrustedAuthority('both', both)]))).toBe('verified');
    const intermediate = parseTrustedAuthority('intermediate', own.intermediate.certificate.toString());
    expect(codeOf(verify(bundle, [intermediate]))).toBe('verified');
  });

  it('verifies under its own certificate where the operator named that one', () => {
    const signer = own.signer();
    const pinned = parseTrustedAuthority('pinned', signer.certificate.toString());
    expect(codeOf(verify(certificateBundle(signer, []), [pinned]))).toBe('verified');
    expect(codeOf(verify(certificateBundle(own.signer(), []), [pinned]))).toBe('certificate-not-trusted');
  });

  it('is refused where a signer signed the certificate of another', () => {
    const signer = own.signer();
    const key = mintKey();
    const forged = own.issue(
      { key: { privateKey: signer.privateKey, publicKey: signer.certificate.publicKey }, name: common('release-bot') },
      { key, name: common('forged') },
      { extensions: SIGNER_EXTENSIONS },
    );
    const bundle = certificateBundle({ ...signer, privateKey: key.privateKey, certificate: forged }, [
      signer.certificate,
      own.intermediate.certificate,
    ]);
    expect(codeOf(verify(bundle))).toBe('certificate-not-trusted');
  });

  it.each([
    ['an authority’s', CA_EXTENSIONS],
    ['without code signing', [keyUsage(0x80, 7)]],
    ['for time stamping', [keyUsage(0x80, 7), purpose(TIME_STAMPING)]],
    ['kept from signing by its key usage', [keyUsage(0x08, 3), purpose(CODE_SIGNING)]],
    ['with name constraints that it must not have', [...SIGNER_EXTENSIONS, critical('2.5.29.30', sequence())]],
  ])('is refused where the certificate is %s', (_, extensions) => {
    expect(codeOf(verify(certificateBundle(own.signer({ extensions }))))).toBe('certificate-not-for-signing');
  });

  it('may say CA:TRUE where its key usage keeps it from issuing', () => {
    const [isCa] = CA_EXTENSIONS;
    if (!isCa) throw new Error('no basic constraints');
    expect(codeOf(verify(certificateBundle(own.signer({ extensions: [isCa, ...SIGNER_EXTENSIONS] }))))).toBe(
      'verified',
    );
  });

  it.each([
    [
      'with constraints that are not understood',
      [...CA_EXTENSIONS, critical('2.5.29.30', sequence())],
      'certificate-not-trusted',
    ],
    ['for other purposes', [...CA_EXTENSIONS, purpose(TIME_STAMPING)], 'certificate-not-trusted'],
    ['of no authority', [keyUsage(0x80, 7)], 'certificate-not-trusted'],
    ['for any purpose', [...CA_EXTENSIONS, purpose('2.5.29.37.0')], 'verified'],
  ])('rests on an intermediate %s: %s', (_, extensions, code) => {
    const authority = new MintedAuthority({ intermediate: { extensions } });
    expect(codeOf(verify(certificateBundle(authority.signer()), [authority.trusted()]))).toBe(code);
  });

  it('is refused where the path below an authority is longer than it allows', () => {
    const authority = new MintedAuthority({ intermediate: { extensions: [pathLength(0), keyUsage(0x06, 1)] } });
    expect(codeOf(verify(certificateBundle(authority.signer()), [authority.trusted()]))).toBe('verified');
    const lower = { key: mintKey(), name: common('lower') };
    const certificate = authority.issue(authority.intermediate, lower, { extensions: CA_EXTENSIONS });
    const bundle = certificateBundle(authority.signer({}, lower), [certificate, authority.intermediate.certificate]);
    expect(codeOf(verify(bundle, [authority.trusted()]))).toBe('certificate-not-trusted');
  });

  it('is refused where something else stands for a certificate', () => {
    for (const at of [0, 1]) {
      const bundle = certificateBundle(own.signer());
      bundle.verificationMaterial.x509CertificateChain.certificates[at].rawBytes =
        Buffer.from('nothing').toString('base64');
      expect(codeOf(verify(bundle))).toBe('certificate-unreadable');
    }
  });
});

describe('the time of a certificate without a log', () => {
  const ranOut = own.signer({ from: T0 - 2 * HOUR, to: T0 - HOUR });

  it('is when the bundle was first held here: before it ran out it was good, and stays so', () => {
    const bundle = certificateBundle(ranOut);
    expect(codeOf(verify(bundle, [trusted], T0))).toBe('certificate-outside-validity');
    const verdict = verify(bundle, [trusted], T0 - 90 * 60_000);
    expect(codeOf(verdict)).toBe('verified');
    expect(verdict.checks.find(({ name }) => name === 'certificate-time')?.statement).toContain('not valid any more');
  });

  it('is a proven timestamp where there is one', () => {
    const stamp = (at: number) => {
      const bundle = certificateBundle(ranOut);
      const signature = Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64');
      const signedTimestamp = mintTimestamp(signature, at, sigstore.tsa).toString('base64');
      bundle.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp }] };
      return bundle;
    };
    expect(verify(stamp(T0 - 90 * 60_000))).toMatchObject({ outcome: 'verified', signedAt: T0 - 90 * 60_000 });
    expect(codeOf(verify(stamp(T0)))).toBe('certificate-outside-validity');
  });

  it('must lie within the validity of the authorities too', () => {
    const authority = new MintedAuthority({ intermediate: { extensions: CA_EXTENSIONS, to: T0 - HOUR } });
    const bundle = certificateBundle(authority.signer());
    expect(codeOf(verify(bundle, [authority.trusted()]))).toBe('certificate-outside-validity');
    expect(codeOf(verify(bundle, [authority.trusted()], T0 - 2 * HOUR))).toBe('verified');
  });
});

describe('signing a model with a certificate', () => {
  it('leaves roots and the certificate itself out of the chain', () => {
    const signer = own.signer();
    const chain = [signer.certificate, own.intermediate.certificate, own.root.certificate];
    const bundle = JSON.parse(signModel(mintStatement(), { ...signer, chain }));
    const { certificates } = bundle.verificationMaterial.x509CertificateChain;
    expect(certificates.map(({ rawBytes }: { rawBytes: string }) => rawBytes)).toEqual(
      [signer.certificate, own.intermediate.certificate].map(({ raw }) => raw.toString('base64')),
    );
  });

  it('is refused with the key of another certificate, and with one that is not for signing', () => {
    const signer = own.signer();
    expect(() => signModel(mintStatement(), { ...signer, privateKey: mintKey().privateKey })).toThrow(
      /not of the private key/,
    );
    const unfit = own.signer({ extensions: [keyUsage(0x80, 7)], to: T0 + YEAR });
    expect(unfit.certificate).toBeInstanceOf(X509Certificate);
    expect(() => signModel(mintStatement(), unfit)).toThrow(/does not have code signing/);
  });
});
