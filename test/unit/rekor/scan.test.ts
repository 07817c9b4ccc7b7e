import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { type Candidate, examineEntry, isOfInterest } from '#lib/rekor/scan.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { certificate, email, fulcio, P256_SPKI } from '#test/unit/watch/der-builder.ts';

const BOT = 'release-bot@models.example';
const WEIGHTS = createHash('sha256').update('weights').digest();
const LEAF = new Uint8Array(32);

const bot: WatchRule = { name: 'bot', own: true, identity: { exact: BOT } };
const key: WatchRule = {
  name: 'key',
  own: true,
  keys: [{ sha256: createHash('sha256').update(P256_SPKI).digest('hex') }],
};
const weights: WatchRule = { name: 'weights', own: false, digests: [WEIGHTS.toString('hex')] };

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const signer = (san: string) => ({
  x509Certificate: {
    rawBytes: base64(certificate({ sans: [email(san)], extensions: [fulcio(1, 'https://i.example')] })),
  },
});
const bare = { publicKey: { rawBytes: base64(P256_SPKI) } };

function signatureBy(verifier: object) {
  return {
    content: base64(Buffer.from('signature')),
    verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', ...verifier },
  };
}

function hashedRekord(verifier: object, digest: Uint8Array = Buffer.alloc(32, 7)): Buffer {
  const data = { algorithm: 'SHA2_256', digest: base64(digest) };
  const spec = { hashedRekordV002: { data, signature: signatureBy(verifier) } };
  return Buffer.from(JSON.stringify({ apiVersion: '0.0.2', kind: 'hashedrekord', spec }));
}

function dsse(...verifiers: readonly object[]): Buffer {
  const payloadHash = { algorithm: 'SHA2_256', digest: base64(Buffer.alloc(32, 7)) };
  const spec = { dsseV002: { payloadHash, signatures: verifiers.map(signatureBy) } };
  return Buffer.from(JSON.stringify({ apiVersion: '0.0.2', kind: 'dsse', spec }));
}

const isKept = (entry: Buffer, ...rules: readonly WatchRule[]) => isOfInterest(entry, compileRules(rules));

/** The candidate of an entry that the tail keeps. */
function kept(entry: Buffer, ...rules: readonly WatchRule[]): Candidate {
  expect(isKept(entry, ...rules)).toBe(true);
  return examineEntry(5, entry, LEAF, compileRules(rules), REKOR_V2);
}

describe('an entry of a log', () => {
  it('is kept for its digest, whoever signed it', () => {
    for (const verifier of [signer('attacker@x.example'), bare]) {
      const { matches, undecided } = kept(hashedRekord(verifier, WEIGHTS), weights);
      expect(matches).toMatchObject([{ rule: 'weights', field: 'digest', own: false }]);
      expect(undecided).toBeNull();
    }
    expect(isKept(hashedRekord(bare), weights)).toBe(false);
  });

  it('is kept for its bare key, and for a certificate with that key', () => {
    expect(kept(hashedRekord(bare), key).matches).toMatchObject([{ rule: 'key', field: 'key', how: 'exact' }]);
    expect(kept(hashedRekord(signer('x@x.example')), key).matches).toHaveLength(1);
    const other = { publicKey: { rawBytes: base64(P256_SPKI.map((octet) => octet ^ 1)) } };
    expect(isKept(hashedRekord(other), key)).toBe(false);
  });

  it('of a bare key that is no base64 is kept only where a rule could name it', () => {
    const entry = hashedRekord({ publicKey: { rawBytes: 'AAA' } });
    expect(isKept(entry, bot)).toBe(false);
    expect(kept(entry, bot, key)).toMatchObject({ undecided: expect.stringContaining('public key'), matches: [] });
  });

  it('meets the rules of all its signatures', () => {
    const second: WatchRule = { name: 'second', own: true, identity: { exact: 'second@models.example' } };
    const entry = dsse(signer('a@x.example'), signer(BOT), signer('second@models.example'));
    expect(kept(entry, second, bot).matches.map(({ rule }) => rule)).toEqual(['bot', 'second']);
  });

  it('is shown by the signature that meets a rule most surely', () => {
    const entry = dsse(signer('re1ease-bot@models.example'), bare, signer(BOT));
    const { matches, signature, decoded } = kept(entry, bot);
    expect(matches).toMatchObject([{ rule: 'bot', how: 'exact' }]);
    expect(decoded?.signatures.map((one) => one === signature)).toEqual([false, false, true]);
  });

  it('that hides a name behind a broken certificate is undecided, and found by its bytes', () => {
    const broken = certificate({ sans: [email(BOT)] }).subarray(0, -1);
    const entry = dsse(signer('a@x.example'), { x509Certificate: { rawBytes: base64(broken) } });
    expect(kept(entry, bot)).toMatchObject({
      decoded: null,
      undecided: expect.stringContaining('not DER'),
      matches: [{ rule: 'bot', how: 'bytes' }],
    });
  });

  it('that can be read in part is an event of what was read, with what stands in the rest', () => {
    const broken = certificate({ sans: [email('second@models.example')] }).subarray(0, -1);
    const second: WatchRule = { name: 'second', own: true, identity: { exact: 'second@models.example' } };
    for (const verifiers of [
      [signer(BOT), { x509Certificate: { rawBytes: base64(broken) } }],
      [{ x509Certificate: { rawBytes: base64(broken) } }, signer(BOT)],
    ]) {
      const { decoded, matches } = kept(dsse(...verifiers), bot, second);
      expect(decoded).not.toBeNull();
      expect(matches).toMatchObject([
        { rule: 'bot', how: 'exact' },
        { rule: 'second', how: 'bytes' },
      ]);
    }
  });
});
