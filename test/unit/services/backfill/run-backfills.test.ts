import { and, eq, isNull } from 'drizzle-orm';
import { assert, asyncProperty, constantFrom, nat, uniqueArray } from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventMatches, events } from '#db/schema/event.ts';
import { backfillRanges, backfills, coverage } from '#db/schema/log.ts';
import { leaseRange, RANGE_LEASE_MS } from '#lib/services/backfill/lease-range.ts';
import { openBackfill } from '#lib/services/backfill/open-backfill.ts';
import { planBackfills } from '#lib/services/backfill/plan.ts';
import { type BackfillOptions, runBackfills } from '#lib/services/backfill/run-backfills.ts';
import { addSearched } from '#lib/services/rule/add-searched.ts';
import { getSearchGaps } from '#lib/services/rule/search-gaps.ts';
import { takeUpRules } from '#lib/services/rule/take-up-rules.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { addLog, followMinted, mintedTail } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

/** Nothing that can be read: each is an undecided event, so that none can get lost unseen. */
const log = new MintedLog('past.example').add(
  ...Array.from({ length: 900 }, (_, i) => Buffer.from(`entry ${i} by release-bot@models.example`)),
);
const START = 800;

let ctx: TestContext;
let source: MintedSource;

beforeEach(async () => {
  ctx = openContext();
  source = new MintedSource(log);
  addLog(ctx, log);
  await followMinted(ctx, source, { start: START });
});

const options = (more: Partial<BackfillOptions> = {}): BackfillOptions => ({
  ...mintedTail(ctx, source),
  parallel: 4,
  holder: 'tester',
  rate: 17,
  sleep: async () => {},
  ...more,
});
const indices = () =>
  ctx.database.db
    .select({ index: events.logIndex })
    .from(events)
    .all()
    .map(({ index }) => index)
    .sort((a, b) => (a ?? 0) - (b ?? 0));
const covered = () =>
  ctx.database.db
    .select({ from: coverage.startIndex, to: coverage.endIndex })
    .from(coverage)
    .orderBy(coverage.startIndex)
    .all();
const state = () =>
  ctx.database.db
    .select()
    .from(backfills)
    .all()
    .map((row) => row.state);

describe('a back-fill', () => {
  it('finds every entry before the start of the tail once, and closes the coverage', async () => {
    expect(covered()).toEqual([{ from: START, to: 900 }]);
    expect(await planBackfills(ctx, 1, { history: true })).toBe(1);
    expect(await runBackfills(ctx, 1, options())).toBe(START);
    expect(indices()).toEqual(Array.from({ length: 900 }, (_, i) => i));
    expect(covered()).toEqual([{ from: 0, to: 900 }]);
    expect(state()).toEqual(['done']);
    expect(ctx.database.db.select().from(backfillRanges).all()).toEqual([]);
  });

  it('is planned once, and not where nobody wants the past', async () => {
    expect(await planBackfills(ctx, 1, { history: false })).toBe(0);
    await planBackfills(ctx, 1, { history: true });
    expect(await planBackfills(ctx, 1, { history: true })).toBe(0);
    await runBackfills(ctx, 1, options());
    expect(await planBackfills(ctx, 1, { history: true })).toBe(0);
  });

  it('goes on where it was stopped, whichever requests failed, and ends as if none had', async () => {
    await assert(
      asyncProperty(uniqueArray(nat(20), { maxLength: 6 }), constantFrom(1, 4), async (broken, parallel) => {
        ctx = openContext();
        source = new MintedSource(log, 400);
        addLog(ctx, log);
        await followMinted(ctx, source, { start: 350 });
        await planBackfills(ctx, 1, { history: true });
        let request = 0;
        source.tamper = () => {
          if (broken.includes(request++)) throw new Error('the line broke');
          return undefined;
        };
        for (let round = 0; round < 20 && state()[0] === 'open'; round++) {
          await runBackfills(ctx, 1, options({ parallel })).catch(() => {});
        }
        expect(indices()).toEqual(Array.from({ length: 400 }, (_, i) => i));
        expect(covered()).toEqual([{ from: 0, to: 400 }]);
      }),
      { numRuns: 5 },
    );
  });

  it('stores nothing of a range in which one byte is another', async () => {
    await planBackfills(ctx, 1, { history: true });
    source.tamper = (path, honest) => {
      if (!path.startsWith('entries/2.')) return undefined;
      const bytes = Buffer.from(honest());
      bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9);
      return bytes;
    };
    await expect(runBackfills(ctx, 1, options())).rejects.toMatchObject({ code: 'entry-mismatch' });
    expect(indices()[0]).toBeGreaterThanOrEqual(3 * 256);
    expect(state()).toEqual(['open']);
  });

  it('that fails holds up no other of its log', async () => {
    await planBackfills(ctx, 1, { history: true });
    openBackfill(ctx.database.db, { logId: 1, rules: ['anybody'], startIndex: START, endIndex: 900 }, 0);
    source.tamper = (path) => (path.startsWith('entries/2.') ? Buffer.from('cut') : undefined);
    await expect(runBackfills(ctx, 1, options())).rejects.toMatchObject({ code: 'malformed-bundle' });
    expect(state()).toEqual(['open', 'done']);
  });

  it('stores much in parts, keeps those where the rest fails, and reads only the rest again', async () => {
    await planBackfills(ctx, 1, { history: true });
    let isBroken = true;
    source.tamper = (path) => (path.startsWith('entries/3.') && isBroken ? Buffer.from('cut') : undefined);
    await expect(runBackfills(ctx, 1, options({ rate: 100_000 }))).rejects.toMatchObject({ code: 'malformed-bundle' });
    expect(covered()).toEqual([
      { from: 0, to: 512 },
      { from: START, to: 900 },
    ]);
    isBroken = false;
    source.asked.length = 0;
    expect(await runBackfills(ctx, 1, options({ rate: 100_000 }))).toBe(START - 512);
    expect(source.asked.filter((path) => /^entries\/[01]\./.test(path))).toEqual([]);
    expect(covered()).toEqual([{ from: 0, to: 900 }]);
    expect(indices()).toEqual(Array.from({ length: 900 }, (_, i) => i));
  });

  it('takes over the range of a worker that fell silent, and lets that one store nothing', async () => {
    await planBackfills(ctx, 1, { history: true });
    const lost = leaseRange(ctx, 1, 'silent', 512);
    expect(lost).toMatchObject({ endIndex: START });
    await runBackfills(ctx, 1, options());
    expect(state()).toEqual(['open']);
    ctx.tick(RANGE_LEASE_MS + 1);
    await runBackfills(ctx, 1, options());
    expect(state()).toEqual(['done']);
    expect(indices()).toHaveLength(900);
  });

  it('waits as the permitted rate says', async () => {
    await planBackfills(ctx, 1, { history: true });
    const waits: number[] = [];
    await runBackfills(ctx, 1, options({ rate: 100, sleep: async (ms) => waits.push(ms) }));
    const slept = waits.reduce((sum, ms) => sum + ms, 0);
    expect(slept).toBeGreaterThan((START / 100) * 1000 * 0.5);
    expect(slept).toBeLessThanOrEqual((START / 100) * 1000);
  });
});

describe('a rule that comes late', () => {
  const late = { name: 'late', own: true, identity: { exact: 'entry 850 by release-bot' } };
  const gaps = async () =>
    (await getSearchGaps(ctx.database)).map(({ rule, ranges, isKept }) => ({ rule, ranges, isKept }));

  it('is said not to have seen what was verified before, until it was searched back', async () => {
    takeUpRules(ctx, mintedTail(ctx, source).picker.rules);
    expect(takeUpRules(ctx, [late]).map(({ rule }) => rule.name)).toEqual(['late']);
    expect(await gaps()).toEqual([{ rule: 'late', ranges: [{ startIndex: START, endIndex: 900 }], isKept: false }]);
    openBackfill(ctx.database.db, { logId: 1, rules: ['late'], startIndex: START, endIndex: 900 }, 0);
    await runBackfills(ctx, 1, options({ ...mintedTail(ctx, source, [late]) }));
    expect(await gaps()).toEqual([]);
    const found = ctx.database.db
      .select({ index: events.logIndex })
      .from(eventMatches)
      .innerJoin(events, eq(events.id, eventMatches.eventId))
      .where(eq(eventMatches.rule, 'late'))
      .all();
    expect(found).toEqual([{ index: 850 }]);
  });

  it('counts as unseen again once its definition changes, and as seen while it does not', () => {
    takeUpRules(ctx, [late]);
    expect(takeUpRules(ctx, [{ ...late }])).toEqual([]);
    expect(takeUpRules(ctx, [{ ...late, own: false }])).toMatchObject([{ isNew: false }]);
  });

  it('is not said to have seen what was held against the rule that it was before', async () => {
    takeUpRules(ctx, [late]);
    const before = await gaps();
    addSearched(ctx.database.db, 1, [{ ...late, own: false }], { startIndex: START, endIndex: 900 }, 0);
    expect(await gaps()).toEqual(before);
  });

  it('leaves no account behind once it is gone', async () => {
    takeUpRules(ctx, [late]);
    takeUpRules(ctx, []);
    expect(await gaps()).toEqual([]);
  });

  it('is searched by itself where every entry is kept here', async () => {
    takeUpRules(ctx, [late]);
    ctx.database.sqlite.prepare('UPDATE logs SET mirror_size = 900').run();
    expect(await planBackfills(ctx, 1, { history: false })).toBe(1);
    const open = ctx.database.db
      .select()
      .from(backfills)
      .where(and(eq(backfills.kind, 'rules'), isNull(backfills.finishedAt)))
      .all();
    expect(open).toMatchObject([{ rules: '["late"]', startIndex: START, endIndex: 900 }]);
  });
});
