import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signInPauses } from '#db/schema/user.ts';
import { beginAttempt, forgive, type PauseKey } from '#lib/services/access/pause.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';

const ADA: PauseKey = { kind: 'account', of: 'ada' };
const NOBODY: PauseKey = { kind: 'account', of: 'nobody-of-this-name' };
const HERE: PauseKey = { kind: 'address', of: '192.0.2.7' };
const THERE: PauseKey = { kind: 'address', of: '192.0.2.8' };

describe('pauses between failed sign-ins', () => {
  const folder = temporaryFolder();
  let ctx: TestContext;
  let files = 0;

  beforeEach(() => {
    ctx = openContext(join(folder.path, `${files++}.db`));
  });
  afterEach(() => {
    ctx.database.close();
    if (files > 7) folder.remove();
  });

  const fail = (times: number, keys: readonly PauseKey[]) =>
    Array.from({ length: times }, () => beginAttempt(ctx, keys)).filter((until) => until === null).length;
  const wait = (key: PauseKey) => {
    const until = beginAttempt(ctx, [key]);
    return until === null ? 0 : until - ctx.now();
  };

  it('begin after five failures of one account, from wherever they come', () => {
    expect(fail(20, [ADA, HERE])).toBe(5);
    expect(beginAttempt(ctx, [ADA, THERE])).toBe(ctx.now() + 30_000);
  });

  it('grow with each failure more, and not beyond a quarter of an hour', () => {
    fail(5, [ADA]);
    const pauses = Array.from({ length: 8 }, () => {
      const pause = wait(ADA);
      ctx.tick(pause);
      expect(beginAttempt(ctx, [ADA])).toBeNull();
      return pause;
    });
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000, 900_000]);
  });

  it('are the same for accounts that are not there', () => {
    expect([fail(9, [ADA]), fail(9, [NOBODY])]).toEqual([5, 5]);
    expect(wait(ADA)).toBe(wait(NOBODY));
  });

  it('keep one address from trying many accounts, and leave others alone', () => {
    const tried = Array.from({ length: 50 }, (_, i) => beginAttempt(ctx, [{ kind: 'account', of: `user ${i}` }, HERE]));
    expect(tried.filter((until) => until === null)).toHaveLength(20);
    expect(beginAttempt(ctx, [{ kind: 'account', of: 'user 60' }, THERE])).toBeNull();
  });

  it('count attempts before they are made, so that many at once are no way round', () => {
    const begun = Array.from({ length: 100 }, () => beginAttempt(ctx, [ADA]));
    expect(begun.filter((until) => until === null)).toHaveLength(5);
  });

  it('are over for an account after a good sign-in, and cost its address one failure less', () => {
    fail(4, [ADA, HERE]);
    forgive(ctx, [ADA, HERE]);
    const [row] = ctx.database.db.select().from(signInPauses).all();
    expect(row).toMatchObject({ failures: 3, until: 0 });
    expect(fail(9, [ADA])).toBe(5);
  });

  it('outlast a restart, and are forgotten after a day', () => {
    fail(9, [ADA]);
    const path = ctx.database.sqlite.name;
    ctx.database.close();
    const again = openContext(path);
    expect(beginAttempt(again, [ADA])).not.toBeNull();
    again.tick(86_400_001);
    expect(beginAttempt(again, [ADA])).toBeNull();
    expect(again.database.db.select().from(signInPauses).all()).toMatchObject([{ failures: 1 }]);
    ctx = again;
  });

  it('keep no names: only hashes of them', () => {
    fail(1, [ADA, HERE]);
    expect(JSON.stringify(ctx.database.db.select().from(signInPauses).all())).not.toMatch(/ada|192\.0\.2/);
  });
});
