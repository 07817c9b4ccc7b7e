import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceStates } from '#db/schema/source.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { RetryLater } from '#lib/services/job/retry-later.ts';
import { type PolledSource, runSource, type SourceRun } from '#lib/services/source/run-source.ts';
import { syncSourceStates } from '#lib/services/source/sync-states.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

const MINUTE = 60_000;
const SOURCE: PolledSource = {
  name: 'registry',
  kind: 'oci',
  location: 'https://registry.example/m',
  every: 15 * MINUTE,
  backsOff: true,
};

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
});
afterEach(() => ctx.database.close());

const state = () => ctx.database.db.select().from(sourceStates).all()[0];
const fine = async (): Promise<SourceRun> => ({ counts: { read: 2, accepted: 1 }, memory: { seen: 7 } });
const fail = async (): Promise<SourceRun> => {
  throw new Error('connection refused');
};

/** The wait after one more failure. The middle of the jitter, so that it is none. */
async function waitAfter(look: () => Promise<SourceRun>, source = SOURCE, random = 0.5): Promise<number> {
  const failure = await runSource(ctx, source, look, { random: () => random }).catch((error: unknown) => error);
  if (failure instanceof RetryLater) return failure.wait;
  throw new Error('the look succeeded');
}

describe('runSource', () => {
  it('notes what a look came to, what it remembers, and when the next is due', async () => {
    await runSource(ctx, SOURCE, fine);
    expect(state()).toMatchObject({
      kind: 'oci',
      location: SOURCE.location,
      lastSuccessAt: ctx.now(),
      nextRunAt: ctx.now() + 15 * MINUTE,
      failures: 0,
      error: null,
      result: '{"read":2,"accepted":1}',
    });
    const remembered: unknown[] = [];
    await runSource(ctx, SOURCE, async (memory) => {
      remembered.push(memory);
      return { counts: {} };
    });
    expect(remembered).toEqual([{ seen: 7 }]);
    expect(state()?.memory).toBe('{"seen":7}');
  });

  it('waits twice as long after each failure, up to six hours, and begins anew after a success', async () => {
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) waits.push((await waitAfter(fail)) / MINUTE);
    expect(waits).toEqual([30, 60, 120, 240, 360, 360]);
    expect(state()).toMatchObject({ failures: 6, error: 'connection refused', nextRunAt: ctx.now() + 360 * MINUTE });
    await runSource(ctx, SOURCE, fine);
    expect(state()).toMatchObject({ failures: 0, error: null });
    expect(await waitAfter(fail)).toBe(30 * MINUTE);
  });

  it('varies the wait by a tenth, so that many monitors do not come at once', async () => {
    expect(await waitAfter(fail, SOURCE, 0)).toBe(27 * MINUTE);
    ctx.database.db.delete(sourceStates).run();
    expect(await waitAfter(fail, SOURCE, 1)).toBe(33 * MINUTE);
  });

  it('never waits less than the source is looked at anyway, nor less than the server asks for', async () => {
    expect(await waitAfter(fail, { ...SOURCE, every: 24 * 60 * MINUTE })).toBe(24 * 60 * MINUTE);
    const busy = () => Promise.reject(new FetchError('rate-limited', 'x', 'later', 5 * 3_600_000));
    expect(await waitAfter(busy)).toBe(5 * 3_600_000);
  });

  it('does not back off from our own disk', async () => {
    const folder = { ...SOURCE, kind: 'folder' as const, backsOff: false };
    expect([await waitAfter(fail, folder), await waitAfter(fail, folder)]).toEqual([15 * MINUTE, 15 * MINUTE]);
  });

  it('keeps what a source remembers through a failure, and hands none of it to another kind of the same name', async () => {
    await runSource(ctx, SOURCE, fine);
    await waitAfter(fail);
    expect(state()?.memory).toBe('{"seen":7}');
    const given: unknown[] = [];
    await runSource(ctx, { ...SOURCE, kind: 'github' }, async (memory) => {
      given.push(memory);
      return { counts: {} };
    });
    expect(given).toEqual([{}]);
  });

  it('takes an interruption by us for no failure', async () => {
    const stop = new AbortController();
    stop.abort(new Error('the jobs end'));
    await expect(runSource(ctx, SOURCE, fail, { signal: stop.signal })).rejects.toThrow('connection refused');
    expect(state()).toBeUndefined();
  });

  it('is forgotten with its source', async () => {
    await runSource(ctx, SOURCE, fine);
    syncSourceStates(ctx, [{ name: 'registry' }]);
    expect(state()).toBeDefined();
    syncSourceStates(ctx, []);
    expect(state()).toBeUndefined();
  });
});
