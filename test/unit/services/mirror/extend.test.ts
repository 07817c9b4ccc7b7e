import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventMatches, events } from '#db/schema/event.ts';
import { checkMirror } from '#lib/mirror/check-mirror.ts';
import { planBackfills } from '#lib/services/backfill/plan.ts';
import { runBackfills } from '#lib/services/backfill/run-backfills.ts';
import { findLog } from '#lib/services/log/position.ts';
import { extendMirror } from '#lib/services/mirror/extend.ts';
import { takeUpRules } from '#lib/services/rule/take-up-rules.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { addLog, followMinted, mintedTail } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const log = new MintedLog('kept.example').add(
  ...Array.from({ length: 700 }, (_, i) => Buffer.from(`entry ${i} by somebody@models.example`)),
);

let ctx: TestContext;
let source: MintedSource;
let folder: string;

beforeEach(async () => {
  ctx = openContext();
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-mirror-'));
  source = new MintedSource(log, 600);
  addLog(ctx, log, { mirror: 'full' });
  await followMinted(ctx, source, { start: 550 });
});

afterEach(() => {
  ctx.database.close();
  rmSync(folder, { recursive: true });
});

const extend = (limit = 1e9) =>
  extendMirror(ctx, 1, { reader: mintedTail(ctx, source).reader, folder, limit, parallel: 4 });
const row = () => findLog(ctx.database.db, log.origin);

describe('the mirror of a log', () => {
  it('holds every entry from the first on, wherever the tail began, and follows its verified head', async () => {
    expect(await extend()).toBe(600);
    expect(row()).toMatchObject({ mirrorSize: 600, mirrorProblem: null });
    source.size = 700;
    expect(await extend()).toBe(0);
    await followMinted(ctx, source);
    expect(await extend()).toBe(100);
    expect(await checkMirror(folder, log.origin)).toMatchObject({ problemCount: 0, head: { size: 700 } });
    expect(row().mirrorBytes).toBeGreaterThan(700 * 30);
  });

  it('keeps its last head where an entry is not the one that the log signed', async () => {
    await extend();
    source.size = 700;
    await followMinted(ctx, source);
    source.tamper = (path, honest) => {
      if (!path.startsWith('entries/2.')) return undefined;
      const bytes = Buffer.from(honest());
      bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
      return bytes;
    };
    await expect(extend()).rejects.toMatchObject({ code: 'entry-mismatch' });
    expect(row().mirrorSize).toBe(600);
    expect(await checkMirror(folder, log.origin)).toMatchObject({ problemCount: 0, head: { size: 600 } });
  });

  it('is made anew where its folder was removed', async () => {
    await extend();
    rmSync(folder, { recursive: true });
    expect(await extend()).toBe(600);
    expect(await checkMirror(folder, log.origin)).toMatchObject({ problemCount: 0, head: { size: 600 } });
  });

  it('stops at its limit, says so, leaves the tail alone, and goes on once there is room', async () => {
    expect(await extend(10_000)).toBe(0);
    expect(row().mirrorProblem).toMatch(/10,?000/);
    source.size = 700;
    expect(await followMinted(ctx, source)).toMatchObject({ outcome: 'grown' });
    expect(await extend()).toBe(700);
    expect(row().mirrorProblem).toBeNull();
  });

  it('answers for a rule that comes late, without a request to the log', async () => {
    await extend();
    const late = { name: 'late', own: true, identity: { exact: 'entry 570 by somebody' } };
    takeUpRules(ctx, [late]);
    await planBackfills(ctx, 1, { history: false });
    source.asked.length = 0;
    const options = { ...mintedTail(ctx, source, [late]), parallel: 4, holder: 'tester', rate: 1, mirrors: folder };
    expect(await runBackfills(ctx, 1, options)).toBe(50);
    expect(source.asked).toEqual([]);
    const met = ctx.database.db
      .select({ index: events.logIndex })
      .from(eventMatches)
      .innerJoin(events, eq(events.id, eventMatches.eventId))
      .where(eq(eventMatches.rule, 'late'))
      .all();
    expect(met).toEqual([{ index: 570 }]);
  });
});
