import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BUNDLE_BYTES, readBundle } from '#lib/sigstore/bundle.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { verifyBundle } from '#lib/sigstore/verify-bundle.ts';
import { type Json, MintedSigstore } from './mint-bundle.ts';
import { T0 } from './mint-certificate.ts';

const sigstore = new MintedSigstore();
const payload = Buffer.from('{"_type":"x"}');
const message = Buffer.from('a file');
const dsse = sigstore.bundle({ log: 'v2', payload });
const signedFile = sigstore.bundle({ log: 'v1', message });
const bytesOf = (bundle: Json): Buffer => Buffer.from(JSON.stringify(bundle));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function refusal(bytes: Uint8Array): BundleError {
  try {
    readBundle(bytes);
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
  throw new Error('the bundle was taken');
}

function refusalOf(bundle: Json, change: (bundle: Json) => void): BundleError {
  const changed = structuredClone(bundle);
  change(changed);
  return refusal(bytesOf(changed));
}

describe('reading a bundle', () => {
  it('gives the digests that a log entry of a DSSE envelope may carry', () => {
    const parsed = readBundle(bytesOf(dsse));
    const type = 'application/vnd.in-toto+json';
    const pae = `DSSEv1 ${type.length} ${type} ${payload.length} ${payload}`;
    expect(parsed).toMatchObject({
      content: 'dsse',
      payloadType: type,
      payloadSha256: sha256(payload),
      version: '0.3',
    });
    expect(parsed.payload?.equals(payload)).toBe(true);
    expect(parsed.signed).toEqual({
      sha256: sha256(Buffer.from(pae)),
      sha384: createHash('sha384').update(pae).digest('hex'),
      sha512: createHash('sha512').update(pae).digest('hex'),
    });
    expect(parsed.signatureSha256).toBe(sha256(parsed.signature));
  });

  it('gives the one digest that a message signature states', () => {
    const parsed = readBundle(bytesOf(signedFile));
    expect(parsed).toMatchObject({ content: 'message', payload: null, payloadType: null, payloadSha256: null });
    expect(parsed.signed).toEqual({ sha256: sha256(message), sha384: null, sha512: null });
  });

  it('gives certificate, log entry and its leaf hash', () => {
    const parsed = readBundle(bytesOf(signedFile));
    const certificate = Buffer.from(signedFile.verificationMaterial.certificate.rawBytes, 'base64');
    const [entry] = parsed.logEntries;
    expect(parsed.material).toMatchObject({ form: 'certificate', intermediates: [] });
    expect(parsed.certificateSha256).toBe(sha256(certificate));
    expect(entry).toMatchObject({ kind: 'hashedrekord', version: '0.0.1', index: 4242, integratedAt: T0 + 30_000 });
    expect(entry?.proof).toMatchObject({ index: 1, treeSize: 2 });
    const body = Buffer.from(signedFile.verificationMaterial.tlogEntries[0].canonicalizedBody, 'base64');
    expect(entry?.leafHash).toBe(sha256(Buffer.concat([Buffer.of(0), body])));
  });

  it('takes what protobuf leaves out for empty: entry 0, no timestamps, no entries', () => {
    const bundle = structuredClone(dsse);
    delete bundle.verificationMaterial.timestampVerificationData;
    delete bundle.verificationMaterial.tlogEntries[0].logIndex;
    expect(readBundle(bytesOf(bundle))).toMatchObject({
      timestamps: [],
      logEntries: [{ index: 0, integratedAt: null }],
    });
    delete bundle.verificationMaterial.tlogEntries;
    expect(readBundle(bytesOf(bundle)).logEntries).toEqual([]);
  });

  it('takes a bare key, with its hint or without', () => {
    const bundle = sigstore.bundle({ log: 'v2', message, bareKey: true });
    expect(readBundle(bytesOf(bundle)).material).toEqual({ form: 'public-key', hint: '' });
    expect(readBundle(bytesOf(bundle)).certificateSha256).toBeNull();
    bundle.verificationMaterial.publicKey = {};
    expect(readBundle(bytesOf(bundle)).material).toEqual({ form: 'public-key', hint: '' });
  });
});

describe('refusing what is no bundle', () => {
  it('names what is wrong and how to mend it', () => {
    const error = refusal(Buffer.from('not json'));
    expect(error.code).toBe('not-json');
    expect(error.message).toBe(`${error.reason} ${error.mend}`);
  });

  it('of more than 16 MiB, before reading it', () => {
    expect(refusal(Buffer.alloc(MAX_BUNDLE_BYTES + 1, 0x20)).code).toBe('too-large');
  });

  it('with a key twice: readers differ on which one counts', () => {
    const text = JSON.stringify(dsse).replace('"payloadType":', '"payloadType":"text/plain","payloadType":');
    expect(refusal(Buffer.from(text))).toMatchObject({
      code: 'duplicate-key',
      reason: expect.stringContaining('payloadType'),
    });
    const escaped = JSON.stringify(dsse).replace('"payloadType":', '"payloadTyp\\u0065":"text/plain","payloadType":');
    expect(refusal(Buffer.from(escaped)).code).toBe('duplicate-key');
  });

  it.each<[string, Uint8Array, string]>([
    ['JSON of something else', Buffer.from('{"predicate":{}}'), 'not-a-bundle'],
    ['a list', Buffer.from('[]'), 'not-a-bundle'],
    ['nothing', Buffer.alloc(0), 'not-json'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not-json'],
    ['a byte order mark', Buffer.from('\ufeff{}'), 'not-json'],
    ['deep nesting', Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'not-json'],
  ])('%s', (_, bytes, code) => {
    expect(refusal(bytes).code).toBe(code);
  });

  it.each<[string, (bundle: Json) => void, string]>([
    [
      'of an unknown format',
      (b) => (b.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=99.9'),
      'unknown-media-type',
    ],
    ['with more behind a known format', (b) => (b.mediaType += ';x'), 'unknown-media-type'],
    ['without format', (b) => delete b.mediaType, 'unknown-media-type'],
    ['that signs nothing', (b) => delete b.dsseEnvelope, 'unsupported-content'],
    ['that signs two things', (b) => (b.messageSignature = signedFile.messageSignature), 'unsupported-content'],
    ['with two signatures', (b) => b.dsseEnvelope.signatures.push(b.dsseEnvelope.signatures[0]), 'malformed-field'],
    ['with no signature', (b) => (b.dsseEnvelope.signatures = []), 'malformed-field'],
    ['with an empty payload', (b) => (b.dsseEnvelope.payload = ''), 'malformed-field'],
    ['with sloppy base64', (b) => (b.dsseEnvelope.payload = `${b.dsseEnvelope.payload}\n`), 'malformed-field'],
    ['with URL-safe base64', (b) => (b.dsseEnvelope.signatures[0].sig = '_-__'), 'malformed-field'],
    ['with no signer', (b) => delete b.verificationMaterial.certificate, 'malformed-field'],
    ['with two signers', (b) => (b.verificationMaterial.publicKey = { hint: 'x' }), 'malformed-field'],
    [
      'with a huge certificate',
      (b) => (b.verificationMaterial.certificate.rawBytes = 'A'.repeat(100_000)),
      'malformed-field',
    ],
    [
      'with many entries',
      (b) => (b.verificationMaterial.tlogEntries = Array(100).fill(b.verificationMaterial.tlogEntries[0])),
      'malformed-field',
    ],
    ['with a log id cut short', (b) => (b.verificationMaterial.tlogEntries[0].logId.keyId = 'AAAA'), 'malformed-field'],
    ['with a sloppy index', (b) => (b.verificationMaterial.tlogEntries[0].logIndex = '01'), 'malformed-field'],
    [
      'with an index past 2^53',
      (b) => (b.verificationMaterial.tlogEntries[0].logIndex = '9007199254740993'),
      'malformed-field',
    ],
    ['with a negative index', (b) => (b.verificationMaterial.tlogEntries[0].logIndex = -1), 'malformed-field'],
    [
      'with a short proof hash',
      (b) => (b.verificationMaterial.tlogEntries[0].inclusionProof.hashes = ['AAAA']),
      'malformed-field',
    ],
    [
      'with fields of other types',
      (b) => (b.verificationMaterial.tlogEntries[0].inclusionProof = 7),
      'malformed-field',
    ],
  ])('a bundle %s', (_, change, code) => {
    expect(refusalOf(dsse, change).code).toBe(code);
  });

  it('a message signature with an unknown or wrong digest', () => {
    const digest = (b: Json) => b.messageSignature.messageDigest;
    expect(refusalOf(signedFile, (b) => (digest(b).algorithm = 'SHA3_256')).code).toBe('unsupported-content');
    expect(refusalOf(signedFile, (b) => (digest(b).algorithm = 'SHA2_512')).code).toBe('malformed-field');
    expect(refusalOf(signedFile, (b) => delete b.messageSignature.messageDigest).code).toBe('malformed-field');
  });
});

describe('hostile bundles', () => {
  const root = parseTrustedRoot(JSON.stringify(sigstore.trustedRoot));
  const paths = (value: Json, path: string[] = []): string[][] =>
    typeof value === 'object' && value !== null
      ? [path, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))]
      : [path];

  function outcomeOf(bytes: Uint8Array): string {
    try {
      return verifyBundle(readBundle(bytes), root, { now: T0 }).outcome;
    } catch (error) {
      if (error instanceof BundleError) return 'refused';
      throw error;
    }
  }

  it('with any one field replaced are refused, never a crash', () => {
    const places = [dsse, signedFile].flatMap((bundle) =>
      paths(bundle)
        .filter(({ length }) => length > 0)
        .map((path) => ({ bundle, path })),
    );
    const junk = fc.oneof(
      fc.constantFrom<unknown>(null, true, -1, 1e308, '', 'AAAA', [], {}, '\u0000', 'x'.repeat(5000)),
      fc.base64String({ maxLength: 200 }),
      fc.json().map((text) => JSON.parse(text)),
    );
    // What the honest bundle says by leaving it out, or what nothing depends on.
    const harmless = /integratedTime|logIndex|rfc3161Timestamps|timestampVerificationData/;
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, ({ bundle, path }, value) => {
        const changed = structuredClone(bundle);
        const parent = path.slice(0, -1).reduce((at: Json, key) => at[key], changed);
        parent[path.at(-1) ?? ''] = value;
        const outcome = outcomeOf(bytesOf(changed));
        return outcome === 'refused' || harmless.test(path.join('.'));
      }),
      { numRuns: 600 },
    );
  });

  it('with any one bit of a certificate, signature, body, timestamp or checkpoint changed are refused', () => {
    const texts: [Json, (b: Json) => [Json, string]][] = [
      [dsse, (b) => [b.verificationMaterial.certificate, 'rawBytes']],
      [dsse, (b) => [b.verificationMaterial.tlogEntries[0], 'canonicalizedBody']],
      [dsse, (b) => [b.dsseEnvelope.signatures[0], 'sig']],
      [dsse, (b) => [b.dsseEnvelope, 'payload']],
      [signedFile, (b) => [b.verificationMaterial.tlogEntries[0].inclusionPromise, 'signedEntryTimestamp']],
      [signedFile, (b) => [b.messageSignature, 'signature']],
      [signedFile, (b) => [b.messageSignature.messageDigest, 'digest']],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(7), ([bundle, place], position, bit) => {
        const changed = structuredClone(bundle);
        const [parent, key] = place(changed);
        const bytes = Buffer.from(parent[key], 'base64');
        const at = position % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        parent[key] = bytes.toString('base64');
        return outcomeOf(bytesOf(changed)) === 'refused';
      }),
      { numRuns: 300 },
    );
  });

  it('with a timestamp of changed bits prove no other time', () => {
    const parsed = readBundle(bytesOf(dsse));
    const [timestamp] = parsed.timestamps;
    if (!timestamp) throw new Error('no timestamp');
    fc.assert(
      fc.property(fc.nat(timestamp.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(timestamp);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const verdict = verifyBundle({ ...parsed, timestamps: [bytes] }, root, { now: T0 });
        return verdict.outcome === 'refused' || verdict.signedAt === T0 + 30_000;
      }),
      { numRuns: 300 },
    );
  });
});
