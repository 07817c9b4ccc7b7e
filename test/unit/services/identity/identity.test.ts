import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { getIdentity } from '#lib/services/identity/get.ts';
import { countIdentities, listIdentities } from '#lib/services/identity/list.ts';
import {
  type CheckpointRow,
  type EventRow,
  type LogRow,
  MINT_TIME,
  mintCheckpoint,
  mintEvent,
  mintHex,
  mintLog,
} from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';

const BOT = { san: 'release-bot@models.example', issuer: 'https://accounts.models.example' };
const ELSEWHERE = { ...BOT, issuer: 'https://accounts.elsewhere.example' };
const WORKFLOW = 'https://github.com/models-example/northwind/.github/workflows/release.yml';
const GITHUB = 'https://token.actions.githubusercontent.com';

let database: OpenDatabase;
let log: LogRow;
let checkpoint: CheckpointRow;
let next = 0;

beforeEach(() => {
  database = createDatabase(':memory:');
  log = mintLog(database);
  checkpoint = mintCheckpoint(database, log);
  next = 0;
});

function enter(who: { san: string; issuer: string | null }, overrides: Parameters<typeof mintEvent>[2] = {}): EventRow {
  const at = MINT_TIME + next * 1000;
  return mintEvent(database, { log, checkpoint, logIndex: next++ }, { ...who, signedAt: at, ...overrides });
}

const list = (input: Partial<Parameters<typeof listIdentities>[1]> = {}) =>
  listIdentities(database, { page: 0, limit: 10, ...input });

describe('the list of identities', () => {
  it('keeps a name at two issuers apart, and one without an issuer', async () => {
    enter(BOT);
    enter(ELSEWHERE);
    enter({ san: BOT.san, issuer: null });
    enter(BOT);
    const { identities } = await list();
    expect(identities.map(({ issuer, signings }) => [issuer, signings])).toEqual([
      [BOT.issuer, 2],
      [null, 1],
      [ELSEWHERE.issuer, 1],
    ]);
    expect(await countIdentities(database)).toBe(3);
  });

  it('counts what is proven by claim, and entries that only name the identity apart from them', async () => {
    enter(BOT, { claim: 'model' });
    enter(BOT, { claim: 'model' });
    enter(BOT, { claim: 'unclaimed' });
    enter(BOT, { claim: 'probable' });
    enter(BOT, { claim: 'other' });
    enter(BOT, { authenticity: 'impersonation', claim: 'unclaimed' });
    enter(BOT, { authenticity: 'unverifiable', claim: 'model' });
    expect((await list()).identities).toEqual([
      {
        ...BOT,
        sanType: 'email',
        signings: 5,
        models: 2,
        unclaimed: 2,
        impersonations: 1,
        firstAt: MINT_TIME,
        lastAt: MINT_TIME + 6000,
      },
    ]);
  });

  it('is narrowed to those with signings that nobody has shown: a forged one is no such signing', async () => {
    enter(BOT, { authenticity: 'impersonation', claim: 'unclaimed' });
    enter(ELSEWHERE, { claim: 'unclaimed' });
    enter({ san: 'publisher@lab.example', issuer: null }, { claim: 'model' });
    const { identities } = await list({ hasUnclaimed: true });
    expect(identities.map(({ issuer }) => issuer)).toEqual([ELSEWHERE.issuer]);
  });

  it('finds parts of names and issuers, taking wildcards for letters', async () => {
    enter(BOT);
    enter({ san: 'a_b@lab.example', issuer: null });
    enter({ san: 'axb@lab.example', issuer: null });
    const found = async (search: string) => (await list({ search })).identities.map(({ san }) => san);
    expect(await found('ACCOUNTS.models')).toEqual([BOT.san]);
    expect(await found('a_b')).toEqual(['a_b@lab.example']);
    expect(await found('%')).toEqual([]);
  });

  it('is paged without losing or doubling any', async () => {
    for (let i = 0; i < 7; i++) enter({ san: `bot-${i}@models.example`, issuer: null });
    const pages = await Promise.all([0, 1, 2].map((page) => list({ page, limit: 3 })));
    expect(pages.map(({ identities, hasMore }) => [identities.length, hasMore])).toEqual([
      [3, true],
      [3, true],
      [1, false],
    ]);
    expect(new Set(pages.flatMap(({ identities }) => identities.map(({ san }) => san))).size).toBe(7);
  });

  it('says how many there are on all pages, and nothing of it behind the last', async () => {
    for (let i = 0; i < 4; i++) enter({ san: `bot-${i}@models.example`, issuer: null });
    const totals = await Promise.all([0, 1, 2].map(async (page) => (await list({ page, limit: 3 })).total));
    expect(totals).toEqual([4, 4, null]);
  });

  it('leaves out entries that name nobody', async () => {
    mintEvent(database, { log, checkpoint, logIndex: 50 }, { san: null, issuer: null });
    expect(await list()).toMatchObject({ identities: [], total: 0 });
    expect(await countIdentities(database)).toBe(0);
  });
});

describe('an identity', () => {
  it('has the models, statements and open signings of this name at this issuer alone', async () => {
    const model = mintModel(database, 'northwind');
    const version = mintVersion(database, model);
    mintBundle(database, enter(BOT, { claim: 'model' }), { versionId: version.id });
    const statement = {
      predicateType: 'https://slsa.dev/provenance/v1',
      subjects: [{ name: 'n', digest: mintHex('n') }],
    };
    const stated = mintBundle(database, enter(BOT, { claim: 'other' }), statement);
    const open = enter(BOT, { claim: 'unclaimed' });
    enter(BOT, { claim: 'unclaimed', authenticity: 'impersonation' });
    mintBundle(database, enter(ELSEWHERE, { claim: 'model' }), { versionId: version.id });
    const found = await getIdentity(database, BOT);
    expect(found?.models).toEqual([
      { name: 'northwind', slug: 'northwind', versions: 1, firstAt: MINT_TIME, lastAt: MINT_TIME },
    ]);
    expect(found?.statements).toMatchObject([{ bundleId: stated.id, subject: 'n' }]);
    expect(found?.unclaimed.map(({ id }) => id)).toEqual([open.id]);
    expect(found?.related).toEqual([{ ...ELSEWHERE, count: 1 }]);
  });

  it('names the rules that watch it, and whether one says that it is our own', async () => {
    const rule = { field: 'san', value: BOT.san, how: 'exact' } as const;
    enter(BOT, { rules: [{ ...rule, rule: 'Bots', own: false }] });
    enter(BOT, { rules: [{ ...rule, rule: 'Ours', own: true }] });
    enter(ELSEWHERE, { rules: [{ ...rule, rule: 'Others', own: false }] });
    expect((await getIdentity(database, BOT))?.rules).toEqual([
      { rule: 'Bots', own: false },
      { rule: 'Ours', own: true },
    ]);
  });

  it('is related to the same workflow at other tags, not to one whose name only begins alike', async () => {
    for (const ref of ['@refs/tags/v1', '@refs/tags/v2', '-evil@refs/tags/v1']) {
      enter({ san: `${WORKFLOW}${ref}`, issuer: GITHUB }, { sanType: 'uri' });
    }
    const found = await getIdentity(database, { san: `${WORKFLOW}@refs/tags/v1`, issuer: GITHUB });
    expect(found?.related.map(({ san }) => san)).toEqual([`${WORKFLOW}@refs/tags/v2`]);
  });

  it('is none where no entry names it, and one without an issuer is not the one that has one', async () => {
    enter(BOT);
    expect(await getIdentity(database, { san: BOT.san, issuer: null })).toBeNull();
    expect(await getIdentity(database, { san: 'nobody@models.example', issuer: BOT.issuer })).toBeNull();
  });
});
