import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import type { SignatureFacts } from '#lib/watch/signature-facts.ts';
import { certificate, email, fulcio, P256_SPKI } from './der-builder.ts';

const BOT = 'release-bot@models.example';
const ISSUER = 'https://issuer.example';
const DIGEST = 'ab'.repeat(32);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const der = certificate({ sans: [email(BOT)], extensions: [fulcio(1, ISSUER)] });
const signed: SignatureFacts = { form: 'certificate', der };
const stranger: SignatureFacts = { form: 'certificate', der: certificate({ sans: [email('a@x.example')] }) };
const bare: SignatureFacts = { form: 'public-key', der: P256_SPKI };
const broken: SignatureFacts = { form: 'certificate', der: Uint8Array.of(0x30) };

const bot: WatchRule = { name: 'bot', own: true, identity: { exact: BOT }, issuer: { exact: ISSUER } };
const weights: WatchRule = { name: 'weights', own: false, digests: [DIGEST] };
const key: WatchRule = { name: 'key', own: true, keys: [{ sha256: sha256(P256_SPKI) }] };

const match = (signatures: readonly SignatureFacts[], digests: readonly string[], ...rules: readonly WatchRule[]) =>
  compileRules(rules).matchEntry({ signatures, digests });

describe('a digest rule', () => {
  it('is met by whoever signs the digest', () => {
    for (const signature of [signed, stranger, bare]) {
      expect(match([signature], [DIGEST], weights).matches).toEqual([
        { rule: 'weights', own: false, field: 'digest', value: DIGEST, how: 'exact', notes: [] },
      ]);
    }
  });

  it('is met by any of its digests, among any that the entry names', () => {
    const rule: WatchRule = { ...weights, digests: ['cd'.repeat(48), DIGEST, 'ef'.repeat(64)] };
    expect(match([stranger], ['00'.repeat(32), 'ef'.repeat(64)], rule).matches).toMatchObject([
      { value: 'ef'.repeat(64) },
    ]);
    expect(match([stranger], ['00'.repeat(32)], rule).matches).toEqual([]);
    expect(match([stranger], [], rule).matches).toEqual([]);
  });

  it('is met where the signer cannot be read, and where there is none', () => {
    expect(match([broken], [DIGEST], weights)).toMatchObject({
      matches: [{ rule: 'weights' }],
      undecided: { signature: 0 },
    });
    expect(match([], [DIGEST], weights)).toMatchObject({
      matches: [{ rule: 'weights' }],
      signature: null,
      undecided: null,
    });
  });

  it('with an identity is met by that signer only', () => {
    const rule: WatchRule = { ...bot, digests: [DIGEST] };
    expect(match([signed], [DIGEST], rule).matches).toMatchObject([{ field: 'san', own: true }]);
    expect(match([signed], ['00'.repeat(32)], rule).matches).toEqual([]);
    expect(match([stranger], [DIGEST], rule).matches).toEqual([]);
  });
});

describe('a key rule', () => {
  it('is met by the bare key, by a certificate for it, and by a certificate with this fingerprint', () => {
    expect(match([bare], [], key).matches).toEqual([
      { rule: 'key', own: true, field: 'key', value: sha256(P256_SPKI), how: 'exact', notes: [] },
    ]);
    expect(match([stranger], [], key).matches).toMatchObject([{ field: 'key', value: sha256(P256_SPKI) }]);
    const one: WatchRule = { ...key, keys: [{ sha256: sha256(der) }] };
    expect(match([signed], [], one).matches).toHaveLength(1);
    expect(match([stranger, bare], [], one).matches).toEqual([]);
  });

  it('is not met by another key', () => {
    expect(match([{ form: 'public-key', der: P256_SPKI.subarray(1) }], [], key).matches).toEqual([]);
  });

  it('with an identity is not met by the bare key, which names nobody', () => {
    const rule: WatchRule = { ...bot, keys: key.keys ?? [] };
    expect(match([bare], [], rule).matches).toEqual([]);
    expect(match([signed], [], rule).matches).toHaveLength(1);
  });

  it('with an issuer is not met by the bare key: no issuer was left out there', () => {
    expect(match([bare], [], { ...key, issuer: { exact: ISSUER } }).matches).toEqual([]);
    expect(match([stranger], [], { ...key, issuer: { exact: ISSUER } }).matches).toMatchObject([
      { notes: ['issuer-missing'] },
    ]);
  });

  it('hashes nothing where no rule names a key', () => {
    const matcher = compileRules([bot, weights], () => expect.unreachable());
    expect(matcher.matchEntry({ signatures: [signed, bare], digests: [DIGEST] }).matches).toHaveLength(2);
  });

  it('hashes a key once, whatever number of rules name keys', () => {
    let hashed = 0;
    const rules = Array.from(
      { length: 50 },
      (_, i): WatchRule => ({ ...key, name: String(i), keys: [{ sha256: '0'.repeat(64) }] }),
    );
    const matcher = compileRules(rules, () => {
      hashed++;
      return new Uint8Array(32).fill(1);
    });
    matcher.matchEntry({ signatures: [signed], digests: [] });
    expect(hashed).toBe(2);
  });
});

describe('an entry of several signatures', () => {
  it('meets what any of them meets', () => {
    const found = match([stranger, signed, bare], [DIGEST], bot, weights, key);
    expect(found.matches.map(({ rule }) => rule).sort()).toEqual(['bot', 'key', 'weights']);
    expect(found.undecided).toBeNull();
  });

  it('is shown by the signature that meets a rule most surely', () => {
    const like: SignatureFacts = {
      form: 'certificate',
      der: certificate({ sans: [email('re1ease-bot@models.example')] }),
    };
    const found = match([stranger, like, signed], [], bot);
    expect(found).toMatchObject({ signature: 2, matches: [{ how: 'exact' }] });
  });

  it('tells what the others meet where one cannot be read, in whatever order', () => {
    for (const signatures of [
      [broken, signed],
      [signed, broken],
    ]) {
      const found = match(signatures, [], bot);
      expect(found.matches).toHaveLength(1);
      expect(found.signature).toBe(signatures.indexOf(signed));
      expect(found.undecided).toMatchObject({ signature: signatures.indexOf(broken) });
    }
  });

  it('is undecided where a certificate cannot even be decoded', () => {
    const found = match([{ form: 'certificate', der: null }], [], bot);
    expect(found.undecided?.reason).toBe('The certificate in the entry is not canonical base64.');
    expect(match([{ form: 'public-key', der: null }], [], bot).undecided).toBeNull();
    expect(match([{ form: 'public-key', der: null }], [], key).undecided?.reason).toMatch(/public key/);
  });

  it('leaves nothing of one signature to the next', () => {
    const matcher = compileRules([bot, key]);
    matcher.matchSignature(signed);
    expect(matcher.matchSignature({ form: 'public-key', der: Uint8Array.of(1) })).toEqual({ matches: [] });
  });
});
