import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import { getAttention } from '#lib/services/overview/attention.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { getCounts } from '#lib/services/overview/counts.ts';
import { getJobHealth } from '#lib/services/overview/health.ts';
import { MINT_TIME, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { mintSourceFile } from '#test/model-factories.ts';
import { mintConfiguration, mintJobs } from '#test/state-factories.ts';

let database: OpenDatabase;
let next = 0;

beforeEach(() => {
  database = createDatabase(':memory:');
  next = 0;
});

const own = {
  rule: 'Release bot',
  field: 'san',
  value: 'release-bot@models.example',
  how: 'exact',
  own: true,
} as const;

function mint(overrides: Parameters<typeof mintEvent>[2]) {
  const log = mintLog(database, { origin: `log-${next}.example` });
  return mintEvent(database, { log, checkpoint: mintCheckpoint(database, log), logIndex: next++ }, overrides);
}

describe('what needs attention', () => {
  it('is nothing on an empty database', async () => {
    expect(await getAttention(database)).toEqual({
      unclaimed: [],
      ruleGaps: [],
      certificates: { unused: [], missing: [] },
      unexpected: [],
      impersonations: [],
      lookAlikes: [],
      undecided: [],
      refusedFiles: [],
      findings: [],
      failingSources: [],
    });
  });

  it('groups unclaimed signings of own identities by signer, the latest first', async () => {
    mint({ rules: [own], signedAt: MINT_TIME });
    mint({ rules: [own], signedAt: MINT_TIME + 5 });
    mint({ rules: [own], issuer: 'https://elsewhere.example', signedAt: MINT_TIME + 9 });
    expect(
      (await getAttention(database)).unclaimed.map(({ issuer, count, latestAt }) => [issuer, count, latestAt]),
    ).toEqual([
      ['https://elsewhere.example', 1, MINT_TIME + 9],
      ['https://accounts.models.example', 2, MINT_TIME + 5],
    ]);
  });

  it('leaves out what others signed, what was shown, and forgeries, which stand by themselves', async () => {
    mint({ rules: [{ ...own, own: false }] });
    mint({ rules: [own], claim: 'model' });
    mint({ rules: [own], authenticity: 'impersonation' });
    const { unclaimed, impersonations } = await getAttention(database);
    expect(unclaimed).toEqual([]);
    expect(impersonations.map(({ count }) => count)).toEqual([1]);
  });

  it('groups names that look like a watched one, but for forgeries and the own names they are', async () => {
    const like = { ...own, how: 'look-alike', own: false } as const;
    mint({ rules: [like], san: 're1ease-bot@models.example', signedAt: MINT_TIME });
    mint({ rules: [like], san: 're1ease-bot@models.example', signedAt: MINT_TIME + 5 });
    mint({ rules: [like], authenticity: 'impersonation' });
    mint({ rules: [like, { ...own, rule: 'Second bot' }] });
    const { lookAlikes, unclaimed } = await getAttention(database);
    expect(lookAlikes.map(({ rule, san, count, latestAt }) => [rule, san, count, latestAt])).toEqual([
      ['Release bot', 're1ease-bot@models.example', 2, MINT_TIME + 5],
    ]);
    expect(unclaimed.map(({ san, count }) => [san, count])).toEqual([['release-bot@models.example', 1]]);
  });

  it('leaves out what was declared, and has all that was not where everything must be', async () => {
    const shown = mint({ rules: [own], claim: 'model' });
    mint({ rules: [own], signedAt: MINT_TIME - 10_000 });
    const declared = mint({ rules: [own] });
    const row = {
      source: 'api',
      declaredBy: 'ci',
      declaredAt: 0,
      validFrom: MINT_TIME - 5,
      validUntil: MINT_TIME + 5,
    } as const;
    database.db
      .insert(expectedSignings)
      .values({ id: 'exp_1', digest: declared.digest, ...row })
      .run();
    settleExpected(database.db, { expectedIds: ['exp_1'] });
    const counts = async () => {
      const { unclaimed, unexpected } = await getAttention(database);
      return [unclaimed, unexpected].map((groups) => groups.reduce((sum, { count }) => sum + count, 0));
    };
    expect(await counts()).toEqual([1, 0]);
    mintConfiguration(database, { inForce: JSON.stringify({ expected: { alert: 'unexpected' } }) });
    // The one that was signed before anything was declared stays what it was; the one that was shown was not declared.
    expect(await counts()).toEqual([1, 1]);
    expect(shown.claim).toBe('model');
  });

  it('has unreadable entries only where a watched string stands in them', async () => {
    const unread = { undecided: 'not JSON', authenticity: 'unverifiable', san: null, issuer: null } as const;
    mint(unread);
    mint({ ...unread, rules: [{ ...own, field: 'bytes', how: 'bytes' }] });
    expect((await getAttention(database)).undecided.map(({ rule, value, count }) => [rule, value, count])).toEqual([
      ['Release bot', 'release-bot@models.example', 1],
    ]);
  });

  it('groups refused files by their reason', async () => {
    mintSourceFile(database, { path: 'ok.json' });
    for (const path of ['a', 'b'])
      mintSourceFile(database, { path, outcome: 'refused', reasonCode: 'not-json', reason: 'No JSON.' });
    expect((await getAttention(database)).refusedFiles.map(({ code, reason, count }) => [code, reason, count])).toEqual(
      [['not-json', 'No JSON.', 2]],
    );
  });
});

describe('the counts', () => {
  it('are exact for every kind', async () => {
    mint({ claim: 'model' });
    mint({ claim: 'other', authenticity: 'impersonation' });
    mint({});
    expect(await getCounts(database)).toEqual({
      events: 3,
      undecided: 0,
      models: 0,
      versions: 0,
      byClaim: { model: 1, other: 1, probable: 0, unclaimed: 1 },
      byAuthenticity: { verified: 2, impersonation: 1, unverifiable: 0 },
    });
  });
});

describe('the configuration in force', () => {
  it('is told with its refused change', async () => {
    mintConfiguration(database, { refused: 'line 3: no such key', refusedAt: MINT_TIME });
    expect(await getConfiguration(database)).toMatchObject({
      organisation: 'Models Example',
      poll: 30_000,
      refused: { message: 'line 3: no such key', at: MINT_TIME },
      trust: { source: 'tuf' },
    });
  });

  it.each([
    '',
    'not JSON',
    '[]',
    'null',
    '{"organisation":7,"watch":{},"sources":"x","logs":[]}',
    '{"watch":[{"name":1}]}',
  ])('does not fail the pages when it was written by another version: %s', async (inForce) => {
    mintConfiguration(database, { inForce });
    expect(await getConfiguration(database)).toMatchObject({
      isKnown: true,
      organisation: null,
      watch: [],
      sources: [],
      poll: 30_000,
    });
  });

  it('is unknown before the jobs have run', async () => {
    expect(await getConfiguration(database)).toMatchObject({ isKnown: false, path: null, refused: null });
  });
});

describe('the jobs', () => {
  it('are known to live by their lease or a run of late', async () => {
    expect(await getJobHealth(database, { now: MINT_TIME })).toMatchObject({ isRunning: false, lastSeenAt: null });
    mintJobs(database, MINT_TIME);
    expect(await getJobHealth(database, { now: MINT_TIME })).toMatchObject({
      isRunning: true,
      lastSeenAt: MINT_TIME - 1500,
    });
    expect(await getJobHealth(database, { now: MINT_TIME + 3_600_000 })).toMatchObject({ isRunning: false });
  });
});
