import { readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { verifications } from '#db/schema/verification.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import type { Expectation } from '#lib/provenance/verification.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { ExpectationError } from '#lib/services/verification/expectation.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { mintHex } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { type Contents, GRANITE, listOf, mintKnown, POLICIES, STRANGER, signKnown } from './mint-known.ts';

const trustedRoot = readFileSync(new URL('../../../fixtures/story/trusted_root.json', import.meta.url));
const standards = standardsOf(trustedRoot, { policies: POLICIES });

const ask = (ctx: TestContext, list: HashList, expect: Expectation | null = null) =>
  verifyHashList(ctx, { list, channel: 'api', source: 'serving', place: 'kserve/prod', expect }, standards).answer;
const check = (ctx: TestContext, files: Contents, expect: Expectation | null = null) => ask(ctx, listOf(files), expect);

/** A database that knows GRANITE, signed by who should sign it. */
function signedGranite(): TestContext {
  const ctx = openContext();
  signKnown(ctx, mintKnown(ctx, { label: '1.0' }));
  return ctx;
}

describe('files that are all of a version', () => {
  it('are verified where who is expected to sign signed them, and the signature is logged', () => {
    const answer = check(signedGranite(), GRANITE);
    expect(answer).toMatchObject({
      outcome: 'verified',
      foundBy: 'manifest-id',
      version: { modelName: 'granite', label: '1.0', signature: 'verified', matching: 3, fileCount: 3 },
      counts: { matches: 3, differs: 0, extra: 0 },
      signings: [{ method: 'sigstore', san: 'release-bot@models.example' }],
      chain: { weakest: null },
      expected: null,
      hint: null,
    });
    expect(answer.sentence).toContain('Signed by release-bot@models.example');
    expect(answer.sentence.toLowerCase()).not.toMatch(/\b(safe|secure|trustworthy|harmless)\b/);
  });

  it('are signed, not logged, by a key that the operator trusts', () => {
    const ctx = openContext();
    signKnown(ctx, mintKnown(ctx), { key: 'release key' });
    expect(check(ctx, GRANITE)).toMatchObject({ outcome: 'signed-not-logged', version: { signature: 'unlogged' } });
  });

  it('are of an unexpected signer where nobody expects who signed', () => {
    const ctx = openContext();
    signKnown(ctx, mintKnown(ctx), STRANGER);
    const answer = check(ctx, GRANITE);
    expect(answer).toMatchObject({ outcome: 'unexpected-signer', findings: [{ kind: 'unexpected-signer' }] });
    expect(answer.sentence).toContain('not expected');
  });

  it('name the signer that counts, though somebody else signed later', () => {
    const ctx = openContext();
    const known = mintKnown(ctx);
    signKnown(ctx, known);
    signKnown(ctx, known, STRANGER);
    const { outcome, sentence } = check(ctx, GRANITE);
    expect([outcome, sentence.includes(STRANGER.san)]).toEqual(['verified', false]);
  });

  it('are unsigned where they were only seen or registered', () => {
    for (const seenAs of ['observed', 'registered'] as const) {
      const ctx = openContext();
      mintKnown(ctx, { seenAs });
      expect(check(ctx, GRANITE)).toMatchObject({ outcome: 'unsigned', version: { seenAs, signature: 'unsigned' } });
    }
  });

  it('are so with the files that rules and signatures leave out beside them', () => {
    const ctx = openContext();
    signKnown(ctx, mintKnown(ctx, { ignorePaths: ['cache'] }));
    const besides = { '.gitattributes': 'x', 'cache/y': 'y', 'model.sig': 'z' };
    const answer = check(ctx, { ...GRANITE, ...besides });
    expect(answer).toMatchObject({ outcome: 'verified', foundBy: 'files', counts: { matches: 3, ignored: 3 } });
    const rules = answer.files.filter(({ state }) => state === 'ignored').map(({ rule }) => rule?.by);
    expect(rules).toEqual(['default', 'signer', 'signature-file']);
  });

  it('are so under a folder that stands before all paths', () => {
    const inside = Object.fromEntries(Object.entries(GRANITE).map(([path, content]) => [`./granite/${path}`, content]));
    expect(check(signedGranite(), inside)).toMatchObject({ outcome: 'verified', prefix: 'granite' });
  });

  it('are found as BLAKE3 where the lines do not say what made them', () => {
    const ctx = openContext();
    signKnown(ctx, mintKnown(ctx, { hashType: 'blake3' }));
    const answer = check(ctx, GRANITE);
    expect(answer).toMatchObject({ outcome: 'verified', list: { hashType: 'blake3' } });
    expect(answer.list.remarks).toEqual([expect.stringContaining('BLAKE3')]);
  });
});

describe('files that are not all of a version', () => {
  it('differ by one byte of one file, which is named', () => {
    const answer = check(signedGranite(), { ...GRANITE, 'model.safetensors': 'weights, flipped' });
    expect(answer).toMatchObject({ outcome: 'differs', foundBy: 'files', counts: { differs: 1, matches: 2 } });
    expect(answer.files[0]).toMatchObject({
      path: 'model.safetensors',
      state: 'differs',
      listed: mintHex('weights'),
      given: mintHex('weights, flipped'),
    });
    expect(answer.sentence).toContain('1 file differs');
  });

  it('differ where a file has another name, and where there is one more', () => {
    const { 'config.json': config = '', ...others } = GRANITE;
    expect(check(signedGranite(), { ...others, 'settings.json': config })).toMatchObject({
      outcome: 'differs',
      counts: { renamed: 1, missing: 0, extra: 0 },
    });
    expect(check(signedGranite(), { ...GRANITE, 'run.py': 'evil' })).toMatchObject({
      outcome: 'differs',
      counts: { extra: 1, matches: 3 },
    });
  });

  it('are part of it where signed files were not given', () => {
    const answer = check(signedGranite(), { 'config.json': 'config' });
    expect(answer).toMatchObject({ outcome: 'partial', counts: { matches: 1, missing: 2 } });
    expect(answer.sentence).toContain('2 files were not given');
  });

  it('are unknown where no version has any of them', () => {
    const answer = check(signedGranite(), { 'a.bin': 'nobody knows' });
    expect(answer).toMatchObject({ outcome: 'unknown', version: null, foundBy: null, files: [], signings: [] });
  });

  it('cannot be compared with a version of the same name that was hashed otherwise; the command to do so is given', () => {
    const ctx = openContext();
    const [key, bundle] = ['p256.pub', 'shards.sig'].map((name) =>
      readFileSync(new URL(`../../../fixtures/oms/${name}`, import.meta.url)),
    );
    const operator = { keys: [parseTrustedKey('release key', `${key}`)], authorities: [] };
    const trusting = standardsOf(trustedRoot, { operator });
    expect(ingestBundle(ctx, bundle ?? Buffer.of(), trusting).outcome).toBe('accepted');
    const signed = readHashList(bundle ?? Buffer.of());
    expect(ask(ctx, signed)).toMatchObject({ outcome: 'signed-not-logged' });
    const answer = ask(ctx, { ...listOf({ 'a.bin': 'nobody knows' }), name: signed.name });
    expect(answer).toMatchObject({ outcome: 'not-comparable', files: [] });
    expect(answer.hint).toContain(`modeltrail hash --hash-type sha256 --shard-size ${signed.shardSize}`);
  });

  it('are held against the closest version, the signed one of two as close', () => {
    const ctx = signedGranite();
    mintKnown(ctx, { name: 'mirror of granite' });
    mintKnown(ctx, { label: '1.1', files: { ...GRANITE, 'README.md': 'new card' } });
    const answer = check(ctx, GRANITE);
    expect(answer).toMatchObject({ outcome: 'verified', version: { modelName: 'granite', label: '1.0' } });
    const near = check(ctx, { ...GRANITE, 'config.json': 'changed', 'README.md': 'new card' });
    expect(near).toMatchObject({ outcome: 'differs', version: { label: '1.1', matching: 2 } });
    expect(near.others.map(({ matching }) => matching)).toContain(1);
  });
});

describe('an expectation', () => {
  it('is met by exactly these files', () => {
    const ctx = signedGranite();
    for (const version of [null, '1.0']) {
      const answer = check(ctx, GRANITE, { model: 'granite', version });
      expect(answer).toMatchObject({ outcome: 'verified', foundBy: 'expectation', expected: { isMet: true } });
    }
  });

  it('is not met by another version, however well signed, and says what they are instead', () => {
    const ctx = signedGranite();
    const files = { ...GRANITE, 'model.safetensors': 'weights of 1.1' };
    signKnown(ctx, mintKnown(ctx, { label: '1.1', files }));
    const answer = check(ctx, files, { model: 'granite', version: '1.0' });
    expect(answer).toMatchObject({
      outcome: 'differs',
      version: { label: '1.0' },
      expected: { isMet: false },
      others: [{ label: '1.1', matching: 3 }],
    });
    expect(answer.sentence).toContain('They are "granite" 1.1 instead');
    expect(check(ctx, files, { model: 'granite', version: null })).toMatchObject({
      version: { label: '1.1' },
      expected: { isMet: true },
    });
  });

  it('is not met by a part, nor by files that nobody knows', () => {
    const ctx = signedGranite();
    const expect10 = { model: 'granite', version: '1.0' };
    expect(check(ctx, { 'config.json': 'config' }, expect10)).toMatchObject({
      outcome: 'partial',
      expected: { isMet: false },
    });
    expect(check(ctx, { 'a.bin': 'nobody knows' }, expect10)).toMatchObject({
      outcome: 'differs',
      expected: { isMet: false },
    });
  });

  it('of what is not known is refused, and nothing is stored', () => {
    const ctx = signedGranite();
    expect(() => check(ctx, GRANITE, { model: 'basalt', version: null })).toThrow(ExpectationError);
    expect(() => check(ctx, GRANITE, { model: 'granite', version: '9' })).toThrow(/no version "9"/);
    expect(ctx.database.db.select().from(verifications).all()).toEqual([]);
  });
});

describe('a receipt', () => {
  it('keeps who asked, where, and the digest of the list', () => {
    const ctx = signedGranite();
    check(ctx, GRANITE, { model: 'granite', version: '1.0' });
    const row = ctx.database.db.select().from(verifications).where(eq(verifications.place, 'kserve/prod')).get();
    expect(row).toMatchObject({ source: 'serving', channel: 'api', form: 'checksums', fileCount: 3 });
    expect(row?.id).toMatch(/^vrf_[0-9a-f]{32}$/);
    expect(row?.expectedVersionId).toMatch(/^ver_/);
  });
});
