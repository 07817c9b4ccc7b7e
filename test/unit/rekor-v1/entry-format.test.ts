import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodedEntry } from '#lib/rekor/entry.ts';
import { decodeEntryV1, REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';
import { compileRules } from '#lib/watch/rule.ts';

// Recorded from a real Rekor v1.
const RECORDED = fileURLToPath(new URL('../../fixtures/rekor/v1/entries/', import.meta.url));

function recorded(name: string): Buffer {
  const file = readdirSync(RECORDED).find((each) => each.startsWith(`${name}-`)) ?? '';
  const [entry] = Object.values(
    JSON.parse(readFileSync(`${RECORDED}${file}`, 'utf8')) as Record<string, { body: string }>,
  );
  return Buffer.from(entry?.body ?? '', 'base64');
}

function decided(bytes: Uint8Array): DecodedEntry {
  const entry = decodeEntryV1(bytes);
  if ('undecided' in entry) throw new Error(entry.undecided);
  return entry;
}

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const certificate = certificateOf(recorded('hashedrekord-by-github'));
const CERTIFICATE_PEM = pemOf('CERTIFICATE', certificate);
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SPKI = publicKey.export({ type: 'spki', format: 'der' });
const KEY_PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const matcher = compileRules([{ name: 'workflows', own: true, identity: { glob: 'https://github.com/**' } }]);

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hashOf = (value: string, algorithm = 'sha256') => ({ algorithm, value });
const SHA256 = 'ab'.repeat(32);

function hashedRekord(pem: string, change: object = {}) {
  return {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: hashOf(SHA256) },
      signature: { content: base64('signature'), publicKey: { content: base64(pem) } },
      ...change,
    },
  };
}

describe('entries of a real Rekor v1', () => {
  it.each([
    ['hashedrekord', 'hashedrekord 0.0.1', 'signed', ['signed']],
    ['dsse', 'dsse 0.0.1', 'payload', ['payload', 'envelope']],
    ['intoto', 'intoto 0.0.2', 'payload', ['payload', 'envelope']],
    ['intoto001', 'intoto 0.0.1', 'payload', ['payload', 'envelope']],
    ['rekord', 'rekord 0.0.1', 'signed', ['signed']],
  ])('%s says who signed, and what', (name, kind, of, digests) => {
    const entry = decided(recorded(name));
    expect(entry).toMatchObject({ kind, digestOf: of, digestAlgorithm: 'sha256', signers: 'stated' });
    expect(entry.digests.map((digest) => digest.of)).toEqual(digests);
    expect(entry.signatures).toMatchObject([{ form: 'certificate' }]);
    expect(entry.signatures[0]?.signature === '').toBe(kind === 'intoto 0.0.1');
  });

  it('rfc3161 is read by the certificate inside its timestamp, which is not said to have signed it', () => {
    const entry = decided(recorded('rfc3161'));
    expect(entry).toMatchObject({ kind: 'rfc3161 0.0.1', digest: null, digestOf: null, signers: 'found' });
    expect(entry.signatures).toMatchObject([{ form: 'certificate', signature: '' }]);
  });

  it('are of interest only where a rule names their signer', () => {
    expect(REKOR_V1.isOfInterest(recorded('hashedrekord-by-github'), matcher)).toBe(true);
    for (const name of ['hashedrekord-3383', 'intoto001', 'rekord', 'rfc3161']) {
      expect(REKOR_V1.isOfInterest(recorded(name.split('-')[0] ?? ''), matcher)).toBe(false);
    }
  });
});

describe('decodeEntryV1', () => {
  it('gives certificate and key as DER, the first of a chain', () => {
    expect(decided(bytesOf(hashedRekord(CERTIFICATE_PEM))).signatures[0]?.verifier).toBe(
      certificate.toString('base64'),
    );
    const chain = `${CERTIFICATE_PEM}${pemOf('CERTIFICATE', Buffer.from('another'))}`;
    expect(decided(bytesOf(hashedRekord(chain))).signatures).toMatchObject([
      { form: 'certificate', verifier: certificate.toString('base64') },
    ]);
    expect(decided(bytesOf(hashedRekord(KEY_PEM))).signatures).toMatchObject([
      { form: 'public-key', verifier: SPKI.toString('base64') },
    ]);
  });

  it('reads every signature of a dsse entry', () => {
    const signature = (pem: string) => ({ signature: base64('signature'), verifier: base64(pem) });
    const spec = {
      payloadHash: hashOf(SHA256),
      envelopeHash: hashOf(SHA256),
      signatures: [signature(KEY_PEM), signature(CERTIFICATE_PEM)],
    };
    const bytes = bytesOf({ apiVersion: '0.0.1', kind: 'dsse', spec });
    expect(decided(bytes).signatures.map(({ form }) => form)).toEqual(['public-key', 'certificate']);
    expect(REKOR_V1.isOfInterest(bytes, matcher)).toBe(true);
  });

  it('reads an old intoto entry that has only the hash of its envelope', () => {
    const spec = { content: { hash: hashOf(SHA256) }, publicKey: base64(CERTIFICATE_PEM) };
    expect(decided(bytesOf({ apiVersion: '0.0.1', kind: 'intoto', spec }))).toMatchObject({
      digestOf: 'envelope',
      signatures: [{ form: 'certificate', signature: '' }],
    });
  });

  it.each(['pgp', 'minisign', 'ssh'])('keeps the key of a rekord entry of the format %s as it is', (format) => {
    const spec = {
      data: { hash: hashOf(SHA256) },
      signature: { format, content: base64('signature'), publicKey: { content: base64('a key of its own') } },
    };
    expect(decided(bytesOf({ apiVersion: '0.0.1', kind: 'rekord', spec }))).toMatchObject({
      digestOf: 'artifact',
      signatures: [{ form: 'public-key', keyDetails: format, verifier: base64('a key of its own') }],
    });
  });

  it.each([
    ['alpine', { package: { hash: hashOf(SHA256) }, publicKey: { content: base64(KEY_PEM) } }, 'public-key'],
    ['cose', { data: { payloadHash: hashOf(SHA256) }, publicKey: base64(CERTIFICATE_PEM) }, 'certificate'],
    ['helm', { chart: { hash: hashOf(SHA256) }, publicKey: { content: base64(pgp()) } }, 'public-key'],
    [
      'jar',
      { archive: { hash: hashOf(SHA256) }, signature: { publicKey: { content: base64(CERTIFICATE_PEM) } } },
      'certificate',
    ],
    ['rpm', { package: { hash: hashOf(SHA256) }, publicKey: { content: base64(pgp()) } }, 'public-key'],
    [
      'tuf',
      { root: { content: base64(JSON.stringify({ keys: { a: { keyval: { public: KEY_PEM } } } })) } },
      'public-key',
    ],
    ['of tomorrow', { anywhere: [{ deep: certificate.toString('base64') }] }, 'certificate'],
  ])('finds the certificate or key of a %s entry, wherever it stands', (kind, spec, form) => {
    const entry = decided(bytesOf({ apiVersion: '0.0.1', kind, spec }));
    expect(entry).toMatchObject({ kind: `${kind} 0.0.1`, signers: 'found', signatures: [{ form, signature: '' }] });
  });

  it.each<[string, unknown]>([
    ['that is no JSON', undefined],
    ['with a field twice', '{"apiVersion":"0.0.1","kind":"hashedrekord","kind":"dsse","spec":{}}'],
    ['with a field of its own', { ...hashedRekord(CERTIFICATE_PEM), more: 1 }],
    ['without a digest', hashedRekord(CERTIFICATE_PEM, { data: {} })],
    ['with a digest of another length', hashedRekord(CERTIFICATE_PEM, { data: { hash: hashOf('ab') } })],
    [
      'with a digest of another kind',
      hashedRekord(CERTIFICATE_PEM, { data: { hash: hashOf('ab'.repeat(20), 'sha1') } }),
    ],
    [
      'without a signature',
      hashedRekord(CERTIFICATE_PEM, { signature: { publicKey: { content: base64(CERTIFICATE_PEM) } } }),
    ],
    ['with PEM that begins later', hashedRekord(`junk\n${CERTIFICATE_PEM}`)],
    ['with junk behind its PEM', hashedRekord(`${CERTIFICATE_PEM}junk`)],
    ['with PEM of something else', hashedRekord(pemOf('CERTIFICATE REQUEST', certificate))],
    ['with a key that is none', hashedRekord(pemOf('PUBLIC KEY', Buffer.from('no key')))],
    [
      'with PEM that is not in base64',
      hashedRekord('', { signature: { content: base64('signature'), publicKey: { content: CERTIFICATE_PEM } } }),
    ],
    ['of another kind without certificate or key', { apiVersion: '0.0.1', kind: 'other', spec: { text: 'nothing' } }],
  ])('leaves an entry %s undecided, and of interest', (_, value) => {
    const bytes = typeof value === 'string' ? Buffer.from(value) : bytesOf(value ?? null);
    expect(decodeEntryV1(bytes)).toHaveProperty('undecided');
    expect(REKOR_V1.isOfInterest(bytes, matcher)).toBe(true);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeEntryV1(bytes)));
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('hashedrekord', 'dsse', 'intoto', 'rekord', 'jar'), (spec, kind) => {
        void decodeEntryV1(Buffer.from(`{"apiVersion":"0.0.1","kind":"${kind}","spec":${spec}}`));
      }),
    );
  });

  it('says that the signer is stated only where the entry is still of the kind that states it', () => {
    const original = recorded('hashedrekord-by-github');
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(original);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const entry = decodeEntryV1(bytes);
        if ('undecided' in entry) return;
        if (entry.signers === 'stated') expect(entry.kind).toBe('hashedrekord 0.0.1');
        else expect(entry.signatures.every(({ signature }) => signature === '')).toBe(true);
      }),
    );
  });
});

function certificateOf(body: Buffer): Buffer {
  return Buffer.from(decided(body).signatures[0]?.verifier ?? '', 'base64');
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function pgp(): string {
  return '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxsBNBGHyVc4BCADN\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n';
}
