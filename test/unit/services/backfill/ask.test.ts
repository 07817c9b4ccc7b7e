import { beforeEach, describe, expect, it } from 'vitest';
import { backfills, coverage, logs } from '#db/schema/log.ts';
import { askHistory } from '#lib/services/backfill/ask-history.ts';
import { askRuleSearch } from '#lib/services/backfill/ask-rule-search.ts';
import { BackfillRefusedError } from '#lib/services/backfill/backfill-refused.ts';
import { listBackfills } from '#lib/services/backfill/list.ts';
import { planBackfills } from '#lib/services/backfill/plan.ts';
import { stopBackfill, UnknownBackfillError } from '#lib/services/backfill/stop.ts';
import { UnknownLogError } from '#lib/services/log/position.ts';
import { listGapLines } from '#lib/services/rule/gap-lines.ts';
import { listRuleSearches } from '#lib/services/rule/list-searches.ts';
import { type LogRow, mintCoverage, mintLog, mintRuleSearch } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

let ctx: TestContext;
let log: LogRow;

beforeEach(() => {
  ctx = openContext();
  log = mintLog(ctx.database, { verifiedSize: 1000, startIndex: 600 });
  mintCoverage(ctx.database, log, 600, 1000);
});

const set = (change: Partial<LogRow>) => ctx.database.db.update(logs).set(change).run();
const ranges = () =>
  ctx.database.db
    .select()
    .from(backfills)
    .all()
    .map(({ rules, startIndex, endIndex, state }) => [rules, startIndex, endIndex, state]);
const ids = async () => (await listBackfills(ctx.database, log.id)).map(({ id }) => id);

describe('asking for the past of a log', () => {
  it('opens a search of all that stands before its tail, once', () => {
    expect(askHistory(ctx, { logId: log.id })).toEqual([{ startIndex: 0, endIndex: 600 }]);
    expect(ranges()).toEqual([[null, 0, 600, 'open']]);
    expect(() => askHistory(ctx, { logId: log.id })).toThrow('is read already, or being read');
  });

  it('opens what is still missing, around what is covered', () => {
    mintCoverage(ctx.database, log, 100, 200);
    expect(askHistory(ctx, { logId: log.id })).toEqual([
      { startIndex: 0, endIndex: 100 },
      { startIndex: 200, endIndex: 600 },
    ]);
  });

  it.each([
    [{ state: 'frozen' }, 'is frozen'],
    [{ state: 'removed' }, 'no longer followed'],
    [{ reading: 'index' }, 'not read one by one'],
    [{ startIndex: null }, 'Nothing of'],
    [{ startIndex: 0 }, 'followed from its first entry'],
  ] as const)('is refused in one sentence where %o', (change, words) => {
    set(change);
    const ask = () => askHistory(ctx, { logId: log.id });
    expect(ask).toThrow(BackfillRefusedError);
    expect(ask).toThrow(words);
    expect(ranges()).toEqual([]);
  });

  it('is refused for a log that is not there', () => {
    expect(() => askHistory(ctx, { logId: 99 })).toThrow(UnknownLogError);
  });
});

describe('asking for what late rules have not seen', () => {
  beforeEach(() => {
    mintRuleSearch(ctx.database, log, 'old', 0);
    mintRuleSearch(ctx.database, log, 'late', 900);
    mintRuleSearch(ctx.database, log, 'later', 900);
    mintRuleSearch(ctx.database, log, 'partly', 950);
    mintRuleSearch(ctx.database, log, 'partly', 700, { endIndex: 800 });
  });

  it('opens one search for rules that have not seen the same entries', async () => {
    await askRuleSearch(ctx, { logId: log.id, rules: ['later', 'late', 'late', 'partly'] });
    expect(ranges()).toEqual([
      ['["late","later"]', 600, 900, 'open'],
      ['["partly"]', 600, 700, 'open'],
      ['["partly"]', 800, 950, 'open'],
    ]);
  });

  it('tells of each rule what it has not seen, and what nothing searches yet', async () => {
    await askRuleSearch(ctx, { logId: log.id, rules: ['late'] });
    const searches = await listRuleSearches(ctx.database, log.id);
    expect(searches.map(({ rule, entries, entriesToAsk }) => [rule, entries, entriesToAsk])).toEqual([
      ['late', 300, 0],
      ['later', 300, 300],
      ['old', 0, 0],
      ['partly', 250, 250],
    ]);
    expect(await listGapLines(ctx.database)).toEqual([
      { logId: log.id, origin: log.origin, rules: ['later', 'partly'], entries: 300 },
    ]);
  });

  it.each([
    [['unheard of'], 'No rule "unheard of"'],
    [['old'], 'was held against this rule'],
  ])('refuses %o in one sentence', async (rules, words) => {
    await expect(askRuleSearch(ctx, { logId: log.id, rules })).rejects.toThrow(words);
    expect(ranges()).toEqual([]);
  });

  it('refuses what is being searched already', async () => {
    await askRuleSearch(ctx, { logId: log.id, rules: ['late'] });
    await expect(askRuleSearch(ctx, { logId: log.id, rules: ['late'] })).rejects.toThrow('is being searched now');
    expect(ranges()).toHaveLength(1);
  });
});

describe('stopping a search', () => {
  it('ends it, keeps it listed, and is refused a second time', async () => {
    askHistory(ctx, { logId: log.id });
    const [id = 0] = await ids();
    stopBackfill(ctx, { logId: log.id, id });
    expect(await listBackfills(ctx.database, log.id)).toMatchObject([{ id, state: 'stopped', finishedAt: ctx.now() }]);
    expect(() => stopBackfill(ctx, { logId: log.id, id })).toThrow('stopped already');
  });

  it('is refused for the search of another log, and for one that is done', async () => {
    askHistory(ctx, { logId: log.id });
    const [id = 0] = await ids();
    expect(() => stopBackfill(ctx, { logId: log.id + 1, id })).toThrow(UnknownBackfillError);
    ctx.database.db.update(backfills).set({ state: 'done' }).run();
    expect(() => stopBackfill(ctx, { logId: log.id, id })).toThrow('is done');
  });

  it('lasts, though the configuration wants the past, until somebody asks for it again', async () => {
    await planBackfills(ctx, log.id, { history: true });
    const [id = 0] = await ids();
    mintCoverage(ctx.database, log, 500, 599);
    stopBackfill(ctx, { logId: log.id, id });
    expect(await planBackfills(ctx, log.id, { history: true })).toBe(0);
    askHistory(ctx, { logId: log.id });
    expect(ranges()).toEqual([
      [null, 0, 600, 'stopped'],
      [null, 0, 500, 'open'],
      [null, 599, 600, 'open'],
    ]);
  });

  it('lasts for a rule whose entries a mirror keeps, until the rule changes', async () => {
    set({ mirror: 'full', mirrorSize: 1000 });
    mintRuleSearch(ctx.database, log, 'late', 900, { since: ctx.now() });
    expect(await planBackfills(ctx, log.id, { history: false })).toBe(1);
    const [id = 0] = await ids();
    stopBackfill(ctx, { logId: log.id, id });
    expect(await planBackfills(ctx, log.id, { history: false })).toBe(0);
    ctx.tick(1000);
    mintRuleSearch(ctx.database, log, 'late', 950, { since: ctx.now(), definition: 'another' });
    ctx.database.sqlite.prepare('DELETE FROM rule_searches WHERE start_index = 900').run();
    expect(await planBackfills(ctx, log.id, { history: false })).toBe(1);
  });
});

it('lists every open search, however many ended since', async () => {
  askHistory(ctx, { logId: log.id });
  for (let i = 0; i < 30; i++) {
    const row = { logId: log.id, kind: 'rules' as const, rules: '["x"]', startIndex: 0, endIndex: 5, nextEnd: 0 };
    ctx.database.db
      .insert(backfills)
      .values({ ...row, state: 'done', createdAt: i })
      .run();
  }
  const listed = await listBackfills(ctx.database, log.id);
  expect(listed[0]).toMatchObject({ state: 'open', total: 600 });
  expect(listed).toHaveLength(21);
  expect(ctx.database.db.select().from(coverage).all()).toHaveLength(1);
});
