import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scheduler } from '#jobs/scheduler.ts';
import { backUp } from '#lib/services/database/back-up.ts';
import { isBackUpMissed } from '#lib/services/database/missed-back-up.ts';
import { newestBackUp } from '#lib/services/database/newest-back-up.ts';
import { MINT_TIME, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';

const HOUR = 3_600_000;

describe('a nightly backup', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let ctx: TestContext;
  beforeEach(() => {
    folder = temporaryFolder();
    ctx = openContext(join(folder.path, 'm.db'));
    ctx.tick(MINT_TIME - ctx.now());
  });
  afterEach(() => {
    ctx.database.close();
    folder.remove();
  });
  const isMissed = () => isBackUpMissed(ctx.database, ctx.now());

  it('is missed a day after the last one, or after the first log was followed', async () => {
    expect(isMissed()).toBe(false);
    mintLog(ctx.database, { createdAt: ctx.now() });
    ctx.tick(24 * HOUR);
    expect(isMissed()).toBe(false);
    ctx.tick(1);
    expect(isMissed()).toBe(true);
    await backUp(ctx);
    expect([isMissed(), newestBackUp(ctx.database)]).toEqual([false, ctx.now()]);
    ctx.tick(24 * HOUR + 1);
    expect(isMissed()).toBe(true);
  });

  it('that was missed is made at the next start, and any other at its time', async () => {
    for (const missed of [true, false]) {
      let runs = 0;
      const scheduler = new Scheduler(ctx);
      const run = async () => {
        runs++;
        return undefined;
      };
      await scheduler.replace([{ name: 'job', every: '17 3 * * *', isMissed: () => missed, run }]);
      await scheduler.stop();
      expect(runs).toBe(missed ? 1 : 0);
    }
  });
});
