import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noteVerifiers } from '#lib/sigstore/log-key.ts';
import { TrustError } from '#lib/sigstore/trust-error.ts';
import { parseTrustedRoot, tlogInstances } from '#lib/sigstore/trusted-root.ts';
import { publicGoodSeed } from '#lib/sigstore/tuf-seed.ts';
import { type Json, MintedSigstore, V1_HOST, V2_ORIGIN } from './mint-bundle.ts';
import { T0 } from './mint-certificate.ts';

const sigstore = new MintedSigstore();

function codeFor(change: (root: Json) => void): string {
  const root = structuredClone(sigstore.trustedRoot);
  change(root);
  try {
    parseTrustedRoot(JSON.stringify(root));
    return 'taken';
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return error.code;
  }
}

describe('a trust root', () => {
  it('tells Rekor v1 from v2 by what the log id is made of', () => {
    const [v1, v2] = tlogInstances(parseTrustedRoot(JSON.stringify(sigstore.trustedRoot)));
    expect(v1).toMatchObject({ api: 'rekor-v1', rawKey: null, names: [`${V1_HOST}:3000`, V1_HOST] });
    expect(v2).toMatchObject({ api: 'rekor-v2', origin: V2_ORIGIN, names: [V2_ORIGIN], keyDetails: 'PKIX_ED25519' });
    expect(v2?.rawKey).toHaveLength(32);
    expect(v2?.logId).toBe(sigstore.v2LogId().toString('hex'));
    expect(v2?.validUntil).toBeNull();
    expect(v2?.validFrom).toBeLessThan(T0);
  });

  it('gives each log verifiers with the key id that its checkpoints carry', () => {
    for (const log of parseTrustedRoot(JSON.stringify(sigstore.trustedRoot)).logs) {
      const ids = noteVerifiers(log).map(({ keyId }) => keyId.toString(16).padStart(8, '0'));
      expect(new Set(ids)).toEqual(new Set([log.logId.slice(0, 8)]));
    }
  });

  it('of the public Sigstore is shipped, and has a Rekor v2 log', () => {
    const root = parseTrustedRoot(publicGoodSeed());
    expect(root.logs.map(({ api, origin }) => `${api} ${origin}`)).toEqual([
      'rekor-v1 rekor.sigstore.dev',
      'rekor-v2 log2025-1.rekor.sigstore.dev',
    ]);
    expect(root.ctLogs).toHaveLength(2);
  });

  it('as real stacks write it is read', () => {
    const root = parseTrustedRoot(readFileSync('test/fixtures/bundles/trusted_root.json'));
    expect(root.logs.map(({ api }) => api)).toEqual(['rekor-v1', 'rekor-v2', 'rekor-v2']);
  });

  it('is refused where a log does not say since when its key is valid', () => {
    for (const kind of ['tlogs', 'ctlogs']) {
      expect(codeFor((root) => delete root[kind][0].publicKey.validFor.start)).toBe('no-validity-start');
      expect(codeFor((root) => delete root[kind][0].publicKey.validFor)).toBe('no-validity-start');
      expect(codeFor((root) => (root[kind][0].publicKey.validFor.start = null))).toBe('no-validity-start');
    }
  });

  it('is refused for a key id cut to four bytes, and taken with the whole one', () => {
    const whole = (root: Json) => root.tlogs[1].logId.keyId;
    expect(
      codeFor((root) => {
        root.tlogs[1].checkpointKeyId = { keyId: Buffer.from(whole(root), 'base64').subarray(0, 4).toString('base64') };
      }),
    ).toBe('bad-field');
    expect(codeFor((root) => (root.tlogs[1].checkpointKeyId = { keyId: whole(root) }))).toBe('taken');
  });

  it('is refused for a log id that its key and host do not give', () => {
    expect(codeFor((root) => (root.tlogs[1].baseUrl = 'https://elsewhere.example'))).toBe('unknown-log-id');
    expect(codeFor((root) => (root.tlogs[0].logId = root.tlogs[1].logId))).toBe('unknown-log-id');
    expect(codeFor((root) => (root.tlogs[1].logId.keyId = 'AAAA'))).toBe('bad-field');
  });

  it.each<[string, (root: Json) => void, string]>([
    [
      'of another kind of file',
      (root) => (root.mediaType = 'application/vnd.dev.sigstore.signingconfig.v0.2+json'),
      'not-a-trusted-root',
    ],
    ['without a base URL', (root) => delete root.tlogs[0].baseUrl, 'bad-field'],
    ['with a base URL that is none', (root) => (root.tlogs[0].baseUrl = 'rekor'), 'bad-field'],
    ['with a key that is none', (root) => (root.tlogs[0].publicKey.rawBytes = 'AAAA'), 'bad-key'],
    ['with sloppy base64', (root) => (root.tlogs[0].publicKey.rawBytes += '\n'), 'bad-field'],
    ['with a time that is none', (root) => (root.tlogs[0].publicKey.validFor.start = 'yesterday'), 'bad-validity'],
    [
      'with a validity that ends before it starts',
      (root) => (root.tlogs[0].publicKey.validFor.end = '2001-01-01T00:00:00Z'),
      'bad-validity',
    ],
    [
      'with an authority without certificates',
      (root) => (root.certificateAuthorities[0].certChain.certificates = []),
      'bad-field',
    ],
    [
      'with a certificate that is none',
      (root) => (root.certificateAuthorities[0].certChain.certificates[0].rawBytes = 'AAAA'),
      'bad-field',
    ],
    ['with logs that are no list', (root) => (root.tlogs = {}), 'bad-field'],
  ])('%s is refused, by path', (_, change, code) => {
    expect(codeFor(change)).toBe(code);
  });

  it('that is no JSON, or has a key twice, is refused', () => {
    expect(() => parseTrustedRoot('{')).toThrow(expect.objectContaining({ code: 'unreadable' }));
    expect(() => parseTrustedRoot('{"tlogs":[],"tlogs":[]}')).toThrow(/twice/);
    expect(() => parseTrustedRoot('[]')).toThrow(TrustError);
  });
});
