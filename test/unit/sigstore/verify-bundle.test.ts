import { createHash, createPublicKey, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type BundleVerdict, type VerifyOptions, verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { email, uri } from '#test/unit/watch/der-builder.ts';
import { IDENTITY, type Json, MintedSigstore, OIDC_ISSUER, proofOf, V2_ORIGIN } from './mint-bundle.ts';
import { CODE_SIGNING, HOUR, mintKey, T0, TIME_STAMPING } from './mint-certificate.ts';
import { mintTimestamp } from './mint-timestamp.ts';

const sigstore = new MintedSigstore();
const other = new MintedSigstore();
const artifact = Buffer.from('the weights of a model');
const digest = createHash('sha256').update(artifact).digest('hex');
const payload = Buffer.from(
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'weights.bin', digest: { sha256: digest } }],
    predicateType: 'https://models.example/predicate',
    predicate: {},
  }),
);
const clone = (value: Json): Json => JSON.parse(JSON.stringify(value));
const flip = (base64: string, at = 20): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[Math.min(at, bytes.length - 1)] = (bytes.at(at) ?? 0) ^ 1;
  return bytes.toString('base64');
};

function verify(
  bundle: Json,
  { root = sigstore.trustedRoot, ...options }: Partial<VerifyOptions> & { root?: Json } = {},
) {
  const parsed = readBundle(Buffer.from(JSON.stringify(bundle)));
  return verifyBundle(parsed, parseTrustedRoot(JSON.stringify(root)), { now: T0 + HOUR, ...options });
}

const codeOf = (verdict: BundleVerdict): string => (verdict.outcome === 'refused' ? verdict.code : 'verified');
const entryOf = (bundle: Json): Json => bundle.verificationMaterial.tlogEntries[0];

const whole = {
  'v1 dsse': sigstore.bundle({ log: 'v1', payload }),
  'v1 message': sigstore.bundle({ log: 'v1', message: artifact }),
  'v2 dsse': sigstore.bundle({ log: 'v2', payload }),
  'v2 message': sigstore.bundle({ log: 'v2', message: artifact }),
};

describe.each(Object.entries(whole))('an honest %s bundle', (name, bundle) => {
  it('verifies, with signer, time and every check', () => {
    const verdict = verify(bundle);
    if (verdict.outcome !== 'verified') throw new Error(verdict.reason);
    expect(verdict.signer).toMatchObject({
      type: 'email',
      value: IDENTITY,
      raw: Buffer.from(IDENTITY).toString('hex'),
      issuer: OIDC_ISSUER,
    });
    expect(verdict.signedAt).toBe(T0 + 30_000);
    expect(verdict.signedAtSource).toBe(name.startsWith('v1') ? 'integrated-time' : 'timestamp-authority');
    expect(verdict.checks.map((check) => check.name)).toEqual([
      'bundle',
      'timestamp',
      'certificate-chain',
      'certificate-time',
      'sct',
      'checkpoint-signature',
      'inclusion',
      'log-entry',
      'signature',
    ]);
    expect(verdict.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  it('verifies with the file, and with its digest', () => {
    expect(codeOf(verify(bundle, { artifact }))).toBe('verified');
    const verdict = verify(bundle, { artifactDigest: { algorithm: 'sha256', digest } });
    expect(codeOf(verdict)).toBe('verified');
    expect(verdict.checks.at(-1)).toMatchObject({ name: 'statement', outcome: 'passed' });
  });

  it('is refused for another file, bytes or digest', () => {
    expect(codeOf(verify(bundle, { artifact: Buffer.from('other') }))).toBe('artifact-mismatch');
    const otherDigest = { algorithm: 'sha256', digest: '0'.repeat(64) } as const;
    expect(codeOf(verify(bundle, { artifactDigest: otherDigest }))).toBe('artifact-mismatch');
  });

  it('is refused under another trust root, which the reason says how to mend', () => {
    const verdict = verify(bundle, { root: other.trustedRoot });
    expect(verdict).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('trust.file') });
    expect(verdict.checks.at(-1)?.outcome).toBe('failed');
  });

  it('is refused when a key is given: its certificate says whose it is', () => {
    expect(codeOf(verify(bundle, { key: mintKey().publicKey }))).toBe('key-not-applicable');
  });

  const mutations: Record<string, [(b: Json) => void, string]> = {
    'inclusion proof removed': [(b) => delete entryOf(b).inclusionProof, 'no-inclusion-proof'],
    'checkpoint removed': [(b) => delete entryOf(b).inclusionProof.checkpoint, 'no-inclusion-proof'],
    'proof hash changed': [
      (b) => (entryOf(b).inclusionProof.hashes[0] = flip(entryOf(b).inclusionProof.hashes[0])),
      'inclusion-invalid',
    ],
    'proof hash added': [
      (b) => entryOf(b).inclusionProof.hashes.push(entryOf(b).inclusionProof.hashes[0]),
      'inclusion-invalid',
    ],
    'root beside the proof changed': [
      (b) => (entryOf(b).inclusionProof.rootHash = flip(entryOf(b).inclusionProof.rootHash)),
      'proof-not-of-checkpoint',
    ],
    'tree size beside the proof changed': [
      (b) => (entryOf(b).inclusionProof.treeSize = '3'),
      'proof-not-of-checkpoint',
    ],
    'entry removed': [(b) => (b.verificationMaterial.tlogEntries = []), 'no-log-entry'],
    'entry doubled': [(b) => b.verificationMaterial.tlogEntries.push(entryOf(b)), 'doubled-log-entry'],
    'unknown log': [(b) => (entryOf(b).logId.keyId = flip(entryOf(b).logId.keyId)), 'unknown-log'],
  };
  it.each(Object.entries(mutations))('is refused with its %s', (_, [mutate, code]) => {
    const changed = clone(bundle);
    mutate(changed);
    expect(codeOf(verify(changed))).toBe(code);
  });
});

describe('the log index of a v2 entry', () => {
  it('must be the one that the proof authenticates', () => {
    const forged = clone(whole['v2 dsse']);
    entryOf(forged).logIndex = '0';
    expect(verify(forged)).toMatchObject({ outcome: 'refused', code: 'log-index-mismatch' });
  });

  it('may differ from the proof in v1, where it counts over all shards and the promise signs it', () => {
    expect(entryOf(whole['v1 dsse']).logIndex).not.toBe(entryOf(whole['v1 dsse']).inclusionProof.logIndex);
    const forged = clone(whole['v1 dsse']);
    entryOf(forged).logIndex = '0';
    expect(codeOf(verify(forged))).toBe('promise-invalid');
  });
});

describe('the time of a bundle', () => {
  it('is not proved by a v2 entry alone', () => {
    const bundle = clone(whole['v2 dsse']);
    bundle.verificationMaterial.timestampVerificationData = {};
    expect(codeOf(verify(bundle))).toBe('no-proven-time');
  });

  it('is not proved by an integrated time without a promise', () => {
    const bundle = clone(whole['v1 dsse']);
    delete entryOf(bundle).inclusionPromise;
    expect(codeOf(verify(bundle))).toBe('no-proven-time');
  });

  it('is not proved by a promise of another time', () => {
    const bundle = clone(whole['v1 dsse']);
    entryOf(bundle).integratedTime = String((T0 + 60_000) / 1000);
    expect(codeOf(verify(bundle))).toBe('promise-invalid');
  });

  it('is not proved by a timestamp of another signature, or a refused one', () => {
    const bundle = clone(whole['v2 dsse']);
    bundle.verificationMaterial.timestampVerificationData =
      whole['v2 message'].verificationMaterial.timestampVerificationData;
    expect(codeOf(verify(bundle))).toBe('timestamp-invalid');
    const signature = Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64');
    const rejected = mintTimestamp(signature, T0 + 30_000, sigstore.tsa, 2).toString('base64');
    bundle.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: rejected }] };
    expect(codeOf(verify(bundle))).toBe('timestamp-unreadable');
  });

  it('names the unknown timestamp authority, even where the promise would do', () => {
    const bundle = clone(whole['v1 dsse']);
    const signature = Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64');
    const foreign = mintTimestamp(signature, T0 + 30_000, other.tsa).toString('base64');
    bundle.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [{ signedTimestamp: foreign }] };
    const verdict = verify(bundle);
    expect(codeOf(verdict)).toBe('timestamp-unknown-authority');
    expect(verdict).toMatchObject({ reason: expect.stringContaining('CN=models-root') });
  });

  it('must lie within the validity of the certificate, whichever time it is', () => {
    for (const log of ['v1', 'v2'] as const) {
      expect(codeOf(verify(sigstore.bundle({ log, payload, at: T0 + HOUR })))).toBe('certificate-outside-validity');
      expect(codeOf(verify(sigstore.bundle({ log, payload, at: T0 - HOUR })))).toBe('certificate-outside-validity');
    }
  });

  it('is remarked on, not refused, when it is after our clock', () => {
    const verdict = verify(whole['v2 dsse'], { now: T0 });
    expect(codeOf(verdict)).toBe('verified');
    expect(verdict.checks.find(({ name }) => name === 'timestamp')?.evidence['in the future by']).toMatch(/^30 s/);
  });
});

describe('validity in the trust root', () => {
  const at = new Date(T0 + 30_000).toISOString();
  const later = new Date(T0 + HOUR).toISOString();
  const earlier = new Date(T0).toISOString();
  const verifyWith = (log: 'v1' | 'v2', change: (root: Json) => void): string => {
    const root = clone(sigstore.trustedRoot);
    change(root);
    return codeOf(verify(whole[`${log} dsse`], { root }));
  };
  const logOf = (root: Json, log: 'v1' | 'v2'): Json => root.tlogs[log === 'v1' ? 0 : 1].publicKey.validFor;

  it.each(['v1', 'v2'] as const)('of the %s log key counts, its ends included', (log) => {
    expect(verifyWith(log, (root) => Object.assign(logOf(root, log), { start: later }))).toBe(
      'log-key-outside-validity',
    );
    expect(verifyWith(log, (root) => Object.assign(logOf(root, log), { end: earlier }))).toBe(
      'log-key-outside-validity',
    );
    expect(verifyWith(log, (root) => Object.assign(logOf(root, log), { start: at, end: at }))).toBe('verified');
  });

  it('of the authorities and the certificate log counts', () => {
    expect(verifyWith('v2', (root) => (root.certificateAuthorities[0].validFor.start = later))).toBe(
      'certificate-outside-validity',
    );
    expect(verifyWith('v2', (root) => (root.timestampAuthorities[0].validFor.end = earlier))).toBe(
      'timestamp-outside-validity',
    );
    expect(verifyWith('v2', (root) => (root.timestampAuthorities[0].validFor.end = at))).toBe('verified');
    expect(verifyWith('v2', (root) => (root.ctlogs[0].publicKey.validFor.start = later))).toBe('sct-invalid');
  });
});

describe('the certificate', () => {
  const verifyLeaf = (wish: Parameters<MintedSigstore['leaf']>[0], root?: Json): string =>
    codeOf(verify(sigstore.bundle({ log: 'v2', payload, leaf: sigstore.leaf(wish) }), root ? { root } : {}));

  it('needs an SCT where the trust root has a certificate log, and only there', () => {
    const root = clone(sigstore.trustedRoot);
    root.ctlogs = [];
    expect(verifyLeaf({ scts: [] })).toBe('sct-missing');
    expect(verifyLeaf({ scts: [] }, root)).toBe('verified');
  });

  it('is refused for an SCT of an unknown log or with a bad signature, and says which', () => {
    expect(verifyLeaf({ scts: [{ log: other.ctLog }] })).toBe('sct-unknown-log');
    const logId = Buffer.from(sigstore.trustedRoot.ctlogs[0].logId.keyId, 'base64');
    expect(verifyLeaf({ scts: [{ log: other.ctLog, logId }] })).toBe('sct-invalid');
  });

  it('must be of the authority, for signing code, no authority itself, and name somebody', () => {
    expect(verifyLeaf({ issuer: other.ca })).toBe('certificate-unknown-authority');
    expect(verifyLeaf({ purpose: TIME_STAMPING })).toBe('certificate-not-for-signing');
    expect(verifyLeaf({ isCa: true })).toBe('certificate-not-for-signing');
    expect(verifyLeaf({ sans: [] })).toBe('certificate-without-identity');
    expect(verifyLeaf({ purpose: CODE_SIGNING })).toBe('verified');
  });

  it('is shown with the raw bytes of its name: a byte with its high bit set is no ASCII letter', () => {
    const sneaky = Buffer.concat([Buffer.from('rele'), Buffer.of(0xe1), Buffer.from('se-bot@models.example')]);
    const verdict = verify(sigstore.bundle({ log: 'v2', payload, leaf: sigstore.leaf({ sans: [email(sneaky)] }) }));
    if (verdict.outcome !== 'verified') throw new Error(verdict.reason);
    expect(verdict.signer?.raw).toBe(sneaky.toString('hex'));
    expect(verdict.signer?.value).toBe('rele\\xe1se-bot@models.example');
  });

  it('keeps every name when it has several', () => {
    const leaf = sigstore.leaf({ sans: [uri('https://ci.models.example/release'), email(IDENTITY)] });
    const verdict = verify(sigstore.bundle({ log: 'v2', payload, leaf }));
    if (verdict.outcome !== 'verified') throw new Error(verdict.reason);
    expect(verdict.signer?.certificate.sans.map(({ value }) => value)).toEqual([
      'https://ci.models.example/release',
      IDENTITY,
    ]);
  });

  it('may not bring a root along', () => {
    const bundle = clone(whole['v1 message']);
    const { certificate } = bundle.verificationMaterial;
    delete bundle.verificationMaterial.certificate;
    const [, root] = sigstore.trustedRoot.certificateAuthorities[0].certChain.certificates;
    bundle.verificationMaterial.x509CertificateChain = { certificates: [certificate, root] };
    bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
    expect(codeOf(verify(bundle))).toBe('chain-with-root');
  });
});

describe('the checkpoint', () => {
  it('of another origin is refused, though the same key signed it', () => {
    const bundle = clone(whole['v2 dsse']);
    const body = Buffer.from(entryOf(bundle).canonicalizedBody, 'base64');
    const signer = (name: string) => (text: Uint8Array) => ({
      name,
      keyId: sigstore.v2LogId().readUInt32BE(0),
      signature: sign(null, text, sigstore.v2.privateKey),
    });
    entryOf(bundle).inclusionProof = proofOf(body, `${V2_ORIGIN}/other`, signer(V2_ORIGIN));
    expect(verify(bundle)).toMatchObject({ code: 'checkpoint-invalid', reason: expect.stringContaining('other') });
    entryOf(bundle).inclusionProof = proofOf(body, V2_ORIGIN, signer('elsewhere.example'));
    expect(codeOf(verify(bundle))).toBe('checkpoint-invalid');
  });

  it('of v1 must name host and tree', () => {
    const bundle = clone(whole['v1 dsse']);
    const { checkpoint } = entryOf(bundle).inclusionProof;
    checkpoint.envelope = checkpoint.envelope.replace(' - 77\n', ' - tree\n');
    expect(verify(bundle)).toMatchObject({ code: 'checkpoint-invalid', reason: expect.stringContaining('<tree id>') });
  });
});

describe('the log entry', () => {
  it.each(['v1', 'v2'] as const)('of another bundle lends a %s bundle nothing', (log) => {
    const bundle = clone(whole[`${log} dsse`]);
    bundle.verificationMaterial.tlogEntries = whole[`${log} message`].verificationMaterial.tlogEntries;
    expect(codeOf(verify(bundle))).toBe('entry-mismatch');
  });

  it('must name the certificate that signed, not only hold the signature', () => {
    const leaf = sigstore.leaf();
    const bundle = sigstore.bundle({ log: 'v2', payload, leaf });
    const twin = sigstore.leaf({ key: leaf.key });
    bundle.verificationMaterial.certificate.rawBytes = twin.der.toString('base64');
    expect(verify(bundle)).toMatchObject({ code: 'entry-mismatch', reason: expect.stringContaining('certificate') });
  });

  it('that cannot be read refuses the bundle', () => {
    const bundle = clone(whole['v2 dsse']);
    entryOf(bundle).kindVersion = { kind: 'alpine', version: '0.0.1' };
    expect(codeOf(verify(bundle))).toBe('entry-unreadable');
  });
});

describe('the content', () => {
  it('changed in any way is refused', () => {
    for (const name of ['v1 dsse', 'v2 dsse'] as const) {
      const changed = clone(whole[name]);
      changed.dsseEnvelope.payload = flip(changed.dsseEnvelope.payload);
      expect(codeOf(verify(changed))).toBe('entry-mismatch');
      const retyped = clone(whole[name]);
      retyped.dsseEnvelope.payloadType = 'text/plain';
      expect(codeOf(verify(retyped))).toBe(name === 'v1 dsse' ? 'signature-invalid' : 'entry-mismatch');
    }
  });

  it('signed by P-384 and P-521 keys verifies with the hash of their curve', () => {
    for (const [curve, hash] of [
      ['P-384', 'sha384'],
      ['P-521', 'sha512'],
    ] as const) {
      const leaf = sigstore.leaf({ key: mintKey(curve) });
      expect(codeOf(verify(sigstore.bundle({ log: 'v2', payload, leaf, hash })))).toBe('verified');
      expect(codeOf(verify(sigstore.bundle({ log: 'v2', message: artifact, leaf, hash }), { artifact }))).toBe(
        'verified',
      );
    }
  });
});

describe('a bundle of a bare key', () => {
  const leaf = sigstore.leaf();
  const key = createPublicKey(leaf.key.publicKey.export({ type: 'spki', format: 'pem' }));

  it.each(['v1', 'v2'] as const)('in the %s log verifies with that key only', (log) => {
    const bundle = sigstore.bundle({ log, message: artifact, leaf, bareKey: true });
    expect(verify(bundle, { key, artifact })).toMatchObject({ outcome: 'verified', signer: null });
    expect(codeOf(verify(bundle, { artifact }))).toBe('key-needed');
    expect(codeOf(verify(bundle, { artifact, key: mintKey().publicKey }))).toBe('entry-mismatch');
  });
});
