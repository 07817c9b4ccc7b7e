import { createHash } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { type EntryFormat, REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { READER_VERSION } from '#lib/rekor/reader-version.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import { askRetry } from '#lib/services/event/ask-retry.ts';
import type { CertificateJudge } from '#lib/services/event/build.ts';
import { listEvents } from '#lib/services/event/list.ts';
import { countUndecided, listUndecided } from '#lib/services/event/list-undecided.ts';
import { retryUndecided } from '#lib/services/event/retry-undecided.ts';
import { declareExpected } from '#lib/services/expected/declare.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { mintBundle } from '#test/model-factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { addLog, followMinted } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';
import { standardsOf } from '#test/support/standards.ts';
import { IDENTITY, MintedSigstore } from '#test/unit/sigstore/mint-bundle.ts';
import { email } from '#test/unit/watch/der-builder.ts';

const sigstore = new MintedSigstore();
const { root } = standardsOf(Buffer.from(JSON.stringify(sigstore.trustedRoot)));
const entryOf = (leaf = sigstore.leaf()) =>
  Buffer.from(
    sigstore.bundle({ log: 'v2', message: Buffer.from('weights'), leaf }).verificationMaterial.tlogEntries[0]
      .canonicalizedBody,
    'base64',
  );
const WATCHED = entryOf();
const STRANGER = entryOf(sigstore.leaf({ sans: [email('nobody@elsewhere.example')] }));
const GARBAGE = Buffer.from(`no entry at all, but it names ${IDENTITY}`);
const log = new MintedLog('upgraded.example').add(WATCHED, GARBAGE, STRANGER);

const RULES = [{ name: 'Release bot', own: true, identity: { exact: IDENTITY } }];
const matcher = compileRules(RULES);
const judge: CertificateJudge = (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt });
/** A reader from before anybody had thought of these entries. */
const OLD: EntryFormat = {
  decode: () => ({ undecided: 'Entries of this kind are not known to this version.', kind: null }),
  isOfInterest: () => true,
};
const NEXT = `${READER_VERSION}-next`;

let ctx: TestContext;

const tail = (context: TestContext, format: EntryFormat) =>
  followMinted(
    context,
    new MintedSource(log),
    rekorTail(context, {
      reader: tileLogReader({
        origin: log.origin,
        verifiers: [ed25519Verifier(log.origin, log.rawKey)],
        source: new MintedSource(log),
      }),
      format,
      rules: RULES,
      matcher,
      judge,
      policies: NO_POLICIES,
    }),
  );
const retry = (reader = NEXT) => retryUndecided(ctx, { matcher, judge, policies: NO_POLICIES, reader });
const stored = (context = ctx) => context.database.db.select().from(events).orderBy(asc(events.logIndex)).all();
const matchesOf = (id: string, context = ctx) =>
  context.database.db.select().from(eventMatches).where(eq(eventMatches.eventId, id)).all();

beforeEach(async () => {
  ctx = openContext();
  addLog(ctx, log);
  await tail(ctx, OLD);
});

describe('entries that an older reader could not decide', () => {
  it('are kept as undecided, with the reader that gave up', () => {
    expect(stored().map(({ undecidedBy }) => undecidedBy)).toEqual(Array(3).fill(READER_VERSION));
    expect(stored()[0]).toMatchObject({ authenticity: 'unverifiable', san: null, digest: null });
  });

  it('become, by a newer one, the events that they would be if they were read now', async () => {
    ctx.tick(86_400_000);
    expect(await retry()).toEqual({ read: 3, decided: 2 });
    const fresh = openContext();
    addLog(fresh, log);
    await tail(fresh, REKOR_V2);
    const [expected] = stored(fresh);
    const [event] = stored();
    expect(expected).toMatchObject({ san: IDENTITY, undecided: null, undecidedBy: null });
    expect(event).toEqual(expected);
    expect(matchesOf(event?.id ?? '')).toEqual(matchesOf(event?.id ?? '', fresh));
    expect(matchesOf(event?.id ?? '')).toMatchObject([{ rule: 'Release bot', field: 'san', how: 'exact', own: true }]);
    const found = await listEvents(ctx.database, { filter: { search: 'release-bot' }, limit: 10 });
    expect(found.events.map(({ id }) => id)).toContain(event?.id);
  });

  it('are accounted for by what was declared before', async () => {
    const digest = createHash('sha256').update('weights').digest('hex');
    declareExpected(ctx, { digest }, { source: 'api', declaredBy: 'tester' });
    const { id } = ctx.database.db.select().from(expectedSignings).get() ?? {};
    ctx.database.db.update(expectedSignings).set({ validFrom: 0, validUntil: Number.MAX_SAFE_INTEGER }).run();
    await retry();
    expect(stored()[0]).toMatchObject({ authenticity: 'verified', expectedBy: id });
  });

  it('of a signer whom nobody watches stay, decided, without a match', async () => {
    await retry();
    const [, , stranger] = stored();
    expect(stranger).toMatchObject({ san: 'nobody@elsewhere.example', undecided: null });
    expect(matchesOf(stranger?.id ?? '')).toEqual([]);
  });

  it('that stay undecided keep bytes and matches, and wait for the next reader', async () => {
    const [, before] = stored();
    await retry();
    const [, after] = stored();
    expect(after?.entry).toEqual(GARBAGE);
    expect(after).toMatchObject({ undecidedBy: NEXT, firstSeenAt: before?.firstSeenAt, checks: before?.checks });
    expect(matchesOf(after?.id ?? '')).toMatchObject([{ rule: 'Release bot', how: 'bytes' }]);
    expect(await retry()).toEqual({ read: 0, decided: 0 });
    expect(await retry(`${NEXT}-again`)).toEqual({ read: 1, decided: 0 });
  });

  it('are not read again by the reader that gave up, unless somebody asks', async () => {
    expect(await retry(READER_VERSION)).toEqual({ read: 0, decided: 0 });
    expect(askRetry(ctx)).toBe(3);
    expect(await countUndecided(ctx.database)).toMatchObject({ all: 3, waiting: 3 });
    expect(await retry(READER_VERSION)).toEqual({ read: 3, decided: 2 });
    expect(await countUndecided(ctx.database)).toMatchObject({ all: 1, waiting: 0, holdWatched: 1 });
  });

  it('keep the claim that a bundle makes of them', async () => {
    const [event] = stored();
    if (!event) throw new Error('there is no event');
    mintBundle(ctx.database, event, { content: 'message', predicateType: null, subjects: [] });
    ctx.database.db.update(bundles).set({ signedAt: 5, signedAtSource: 'timestamp-authority' }).run();
    await retry();
    expect(stored()[0]).toMatchObject({ san: IDENTITY, claim: 'other', signedAt: 5 });
  });

  it('are all reached though an end comes in between', async () => {
    const ended = new AbortController();
    ended.abort();
    await expect(
      retryUndecided(ctx, { matcher, judge, policies: NO_POLICIES, reader: NEXT, signal: ended.signal }),
    ).rejects.toThrow();
    expect(await retry()).toEqual({ read: 3, decided: 2 });
  });

  it('do not keep the others back where one cannot be judged', async () => {
    let calls = 0;
    const failing: CertificateJudge = (certificate, seenAt) => {
      if (++calls === 1) throw new Error('no memory');
      return judge(certificate, seenAt);
    };
    const options = { matcher, policies: NO_POLICIES, reader: NEXT };
    expect(await retryUndecided(ctx, { ...options, judge: failing })).toEqual({ read: 3, decided: 1 });
    expect(stored().filter(({ undecided }) => undecided !== null)).toHaveLength(2);
  });
});

describe('the list of undecided entries', () => {
  const list = async (filter: Parameters<typeof listUndecided>[1]['filter'] = {}) =>
    (await listUndecided(ctx.database, { filter, limit: 10 })).entries;

  it('tells where each is, why, and which watched strings stand in its bytes', async () => {
    const entries = await list({ holdsWatched: true });
    const garbage = entries.find(({ logIndex }) => logIndex === 1);
    expect(garbage).toMatchObject({
      origin: log.origin,
      reason: 'Entries of this kind are not known to this version.',
      bytes: GARBAGE.length,
      isWaiting: false,
      matches: [{ rule: 'Release bot', value: IDENTITY, own: true }],
    });
  });

  it('is narrowed by log, kind and watched strings', async () => {
    expect(await list({ logId: 1 })).toHaveLength(3);
    expect(await list({ logId: 2 })).toEqual([]);
    expect(await list({ kind: null })).toHaveLength(3);
    expect(await list({ kind: 'cose 0.0.1' })).toEqual([]);
    const held = await list({ holdsWatched: true });
    const clean = await list({ holdsWatched: false });
    expect(held.length + clean.length).toBe(3);
    expect(held.length).toBeGreaterThan(0);
  });

  it('comes in pages that leave none out', async () => {
    const ids: string[] = [];
    let olderThan: { occurredAt: number; id: string } | undefined;
    do {
      const page = await listUndecided(ctx.database, { filter: {}, limit: 2, ...(olderThan ? { olderThan } : {}) });
      ids.push(...page.entries.map(({ id }) => id));
      olderThan = page.older ?? undefined;
    } while (olderThan);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toHaveLength(3);
  });
});
