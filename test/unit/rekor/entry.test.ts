import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecodedEntry, decodeEntry, decodeVerifier } from '#lib/rekor/entry.ts';

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

function hashedRekord(verifier: object = { x509Certificate: { rawBytes: base64('certificate') } }) {
  return {
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: {
      hashedRekordV002: {
        data: { algorithm: 'SHA2_256', digest: base64('digest') },
        signature: { content: base64('signature'), verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', ...verifier } },
      },
    },
  };
}

function dsse(signatures: number) {
  const { signature } = hashedRekord().spec.hashedRekordV002;
  return {
    apiVersion: '0.0.2',
    kind: 'dsse',
    spec: {
      dsseV002: {
        payloadHash: { algorithm: 'SHA2_384', digest: base64('payload') },
        signatures: Array.from({ length: signatures }, () => signature),
      },
    },
  };
}

const scratch = Buffer.alloc(1000);

const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const decode = (value: unknown) => decodeEntry(bytesOf(value));

function decided(value: unknown): DecodedEntry {
  const entry = decode(value);
  if ('undecided' in entry) throw new Error(entry.undecided);
  return entry;
}

describe('decodeEntry', () => {
  it('reads a hashedrekord 0.0.2 with a certificate', () => {
    expect(decided(hashedRekord())).toEqual({
      kind: 'hashedrekord 0.0.2',
      digestAlgorithm: 'sha256',
      digest: base64('digest'),
      digestOf: 'signed',
      digests: [{ of: 'signed', algorithm: 'sha256', digest: 'ZGlnZXN0' }],
      signers: 'stated',
      signatures: [
        {
          form: 'certificate',
          verifier: base64('certificate'),
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
          signature: base64('signature'),
        },
      ],
    });
  });

  it('reads one with a bare key', () => {
    const entry = decided(hashedRekord({ publicKey: { rawBytes: base64('key') } }));
    expect(entry.signatures[0]).toMatchObject({ form: 'public-key', verifier: base64('key') });
  });

  it('reads every signature of a dsse 0.0.2', () => {
    const entry = decided(dsse(3));
    expect(entry).toMatchObject({ kind: 'dsse 0.0.2', digestAlgorithm: 'sha384', digest: base64('payload') });
    expect(entry.signatures).toHaveLength(3);
  });

  it.each([
    ['another kind', { apiVersion: '0.0.1', kind: 'identitytransparency', spec: {} }, 'identitytransparency 0.0.1'],
    ['another version of a known kind', { ...hashedRekord(), apiVersion: '0.0.3' }, 'hashedrekord 0.0.3'],
    ['an unknown field', { ...hashedRekord(), more: 1 }, 'hashedrekord 0.0.2'],
    ['no certificate and no key', hashedRekord({}), 'hashedrekord 0.0.2'],
    ['an empty certificate', hashedRekord({ x509Certificate: { rawBytes: '' } }), 'hashedrekord 0.0.2'],
    ['an unknown hash', JSON.stringify(hashedRekord()).replace('SHA2_256', 'MD5'), 'hashedrekord 0.0.2'],
    ['white space', JSON.stringify(hashedRekord(), null, 1), 'hashedrekord 0.0.2'],
    ['an escape in a value', JSON.stringify(hashedRekord()).replace('PKIX', '\\u0050KIX'), 'hashedrekord 0.0.2'],
    [
      'a doubled key, of which other readers take the last',
      JSON.stringify(hashedRekord()).replace('"data":', '"data":{"algorithm":"SHA2_256","digest":"AA=="},"data":'),
      'hashedrekord 0.0.2',
    ],
    ['bytes behind the entry', `${JSON.stringify(hashedRekord())}{}`, null],
    ['no signature', dsse(0), 'dsse 0.0.2'],
    ['more signatures than anybody makes', dsse(33), 'dsse 0.0.2'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]).toString('latin1'), null],
    ['nothing', '', null],
  ])('keeps an entry with %s as undecided', (_, value, kind) => {
    const entry = decode(value);
    expect(entry).toMatchObject({ kind, undecided: expect.stringMatching(/.+/) });
  });

  it('takes only bytes that have one reading: written out again they are the same', () => {
    const canonical = fc.record({ at: fc.nat(), byte: fc.nat(255), dsse: fc.boolean() });
    fc.assert(
      fc.property(canonical, ({ at, byte, dsse: isDsse }) => {
        const bytes = bytesOf(isDsse ? dsse(2) : hashedRekord());
        bytes[at % bytes.length] = byte;
        const entry = decodeEntry(bytes);
        if ('undecided' in entry) return;
        if (entry.signatures.some(({ verifier }) => decodeVerifier(verifier, scratch) === null)) return;
        expect(JSON.stringify(JSON.parse(bytes.toString('utf8')))).toBe(bytes.toString('utf8'));
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeEntry(bytes)));
  });
});
