import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeEntry } from '#lib/rekor/entry.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { examineEntry } from '#lib/rekor/scan.ts';
import { MAX_CERTIFICATE_BYTES } from '#lib/watch/certificate-walk.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { certificate, email, fulcio, P256_SPKI } from './der-builder.ts';
import { BOT, bot, ISSUER, issuedBy, see, seeEntry } from './evasion.ts';

const DIGEST = createHash('sha256').update('weights').digest('hex');

describe('who signs without a name', () => {
  it('a bare key is met by its fingerprint', () => {
    const key: WatchRule = {
      name: 'key',
      own: true,
      keys: [{ sha256: createHash('sha256').update(P256_SPKI).digest('hex') }],
    };
    const signatures = [{ form: 'public-key', der: P256_SPKI }] as const;
    expect(compileRules([key, bot]).matchEntry({ digests: [], signatures }).matches).toMatchObject([{ rule: 'key' }]);
  });

  it('your own key in a certificate of somebody else’s name is met too', () => {
    const key: WatchRule = {
      name: 'key',
      own: true,
      keys: [{ sha256: createHash('sha256').update(P256_SPKI).digest('hex') }],
    };
    expect(seeEntry({ sans: [email('mallory@evil.example')] }, [], key).matches).toMatchObject([{ field: 'key' }]);
  });
});

describe('who signs what is yours', () => {
  it('a stranger’s signature over a watched digest is seen, and never taken for an own one', () => {
    const weights: WatchRule = { name: 'weights', own: false, digests: [DIGEST] };
    const { matches } = seeEntry({ sans: [email('mallory@evil.example')] }, [DIGEST], bot, weights);
    expect(matches).toEqual([{ rule: 'weights', own: false, field: 'digest', value: DIGEST, how: 'exact', notes: [] }]);
  });
});

describe('rules as an attacker would read them', () => {
  it('are anchored at both ends, whatever they say', () => {
    const pattern: WatchRule = { name: 'p', own: true, identity: { pattern: 'release-bot@models\\.example' } };
    for (const value of [`x${BOT}`, `${BOT}.evil.example`, `a\n${BOT}\nb`]) {
      expect(see({ sans: [email(value)] }, pattern).matches).toEqual([]);
    }
    expect(
      see(
        { sans: [email(`evil@x.example\n${BOT}`)] },
        { ...pattern, identity: { pattern: '(?m)^release-bot@models\\.example$' } },
      ).matches,
    ).toEqual([]);
  });

  it('take a dot of an exact name for a dot', () => {
    expect(see({ sans: [email('release-bot@modelsxexample')] }, bot).matches).toEqual([]);
  });

  it('never run in time that explodes', () => {
    const rule: WatchRule = { name: 'redos', own: true, identity: { pattern: '(([a-z])+.)+[A-Z]([a-z])+$' } };
    const started = performance.now();
    expect(see({ sans: [email(`${'a'.repeat(60_000)}!`)] }, rule).matches).toHaveLength(0);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('entries with two meanings', () => {
  const der = certificate({ sans: [email(BOT)], extensions: issuedBy(ISSUER) });
  const data = `"data":{"algorithm":"SHA2_256","digest":"${Buffer.from(DIGEST, 'hex').toString('base64')}"}`;
  const signature = (raw: Uint8Array) =>
    `"signature":{"content":"c2ln","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":"${Buffer.from(raw).toString('base64')}"}}}`;
  const entryOf = (spec: string, more = '') =>
    Buffer.from(`{"apiVersion":"0.0.2","kind":"hashedrekord",${more}"spec":{"hashedRekordV002":{${spec}}}}`);
  const other = certificate({ sans: [email('a@x.example')], extensions: [fulcio(1, ISSUER)] });

  it('is read in its one canonical spelling', () => {
    expect(
      examineEntry(0, entryOf(`${data},${signature(der)}`), new Uint8Array(32), compileRules([bot]), REKOR_V2).matches,
    ).toMatchObject([{ how: 'exact' }]);
  });

  it.each([
    ['a doubled signature, ours first', entryOf(`${data},${signature(der)},${signature(other)}`)],
    ['a doubled signature, ours last', entryOf(`${data},${signature(other)},${signature(der)}`)],
    ['a doubled kind', entryOf(`${data},${signature(der)}`, '"kind":"dsse",')],
    ['a number past 2^53', entryOf(`${data},${signature(der)}`, '"logIndex":9007199254740993,')],
    ['white space', Buffer.from(` ${entryOf(`${data},${signature(der)}`)}`)],
    ['a second value', Buffer.concat([entryOf(`${data},${signature(der)}`), Buffer.from('{}')])],
  ])('is undecided, and found by what stands in it: %s', (_, entry) => {
    expect('undecided' in decodeEntry(entry)).toBe(true);
    const found = examineEntry(0, entry, new Uint8Array(32), compileRules([bot]), REKOR_V2);
    expect(found.decoded).toBeNull();
    expect(found.undecided).not.toBeNull();
    expect(found.matches).toMatchObject([{ rule: 'bot', how: 'bytes' }]);
  });
});

describe('what is too large to be read', () => {
  const bulk = fulcio(40, 'x'.repeat(MAX_CERTIFICATE_BYTES));
  const large = certificate({ sans: [email(BOT)], extensions: [...issuedBy(ISSUER), bulk] });

  it('is undecided, never without a match, and found by its bytes', () => {
    const matcher = compileRules([bot]);
    expect(matcher.matchCertificate(large)).toEqual({
      undecided: expect.stringContaining('more bytes than a certificate may have'),
    });
    expect(matcher.searchBytes(large)).toMatchObject([{ rule: 'bot', how: 'bytes' }]);
  });

  it('does not hide behind thousands of names', () => {
    const names = Array.from({ length: 3000 }, (_, i) => email(`user-${i}@x.example`));
    expect(see({ sans: [...names, email(BOT)] }, bot).matches).toMatchObject([{ how: 'exact' }]);
  });
});
