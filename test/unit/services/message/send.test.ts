import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { alerts, messages } from '#db/schema/alert.ts';
import { jobLeases } from '#db/schema/job.ts';
import { DeliveryError } from '#lib/notify/delivery-error.ts';
import { writeTest } from '#lib/notify/write-notice.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { getMessage, listMessages } from '#lib/services/message/list.ts';
import { putMessage } from '#lib/services/message/put.ts';
import { retryDelay } from '#lib/services/message/retry-delay.ts';
import { sendDue } from '#lib/services/message/send-due.ts';
import { sendTest, UnknownChannelError } from '#lib/services/message/send-test.ts';
import { putAlertsInForce } from '#test/support/alert-settings.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { Killed, killAfter } from '#test/support/killed-database.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let ctx: TestContext;
let server: AnsweringServer;

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  server.answer = () => ({ status: 204 });
  putInForce(ctx);
});
afterEach(async () => {
  ctx.database.close();
  await server.stop();
});

function putInForce({ database }: Pick<ServiceContext, 'database'>): void {
  const secrets = [{ env: 'MODELTRAIL_S' }];
  const channel = { kind: 'webhook' as const, url: `${server.url}/`, secrets, 'allow-private': true };
  putAlertsInForce(database, {
    channels: [
      { ...channel, name: 'a' },
      { ...channel, name: 'b' },
    ],
  });
}

let puts = 0;
function put(to: ServiceContext = ctx, channel = 'a'): string {
  const notice = { ...writeTest(channel, to.now()), kind: 'alert' as const, heading: `Message ${puts}` };
  const id = putMessage(to.database.db, {
    channel,
    routes: [],
    notice,
    alertIds: [],
    occasion: [puts++],
    now: to.now(),
  });
  return id ?? '';
}

async function send(by: ServiceContext = ctx, channel = 'a', signal?: AbortSignal): Promise<number> {
  const [config] = alertSettings(by.database.db).channels.filter(({ name }) => name === channel);
  if (!config) throw new Error(`there is no channel ${channel}`);
  return sendDue(by, config, { address: null, environment: { MODELTRAIL_S: SECRET }, random: () => 0.5, signal });
}

const ids = () => server.asked.map(({ headers }) => headers['webhook-id']);
const stateOf = (id: string) => ctx.database.db.select().from(messages).where(eq(messages.id, id)).get();

describe('the outbox', () => {
  it('is sent in the order in which it was written, each message once', async () => {
    const put3 = [put(), put(), put()];
    expect(await send()).toBe(3);
    expect(await send()).toBe(0);
    expect(ids()).toEqual(put3);
    expect(stateOf(put3[0] ?? '')).toMatchObject({ state: 'sent', attempts: 1, sentAt: ctx.now(), problem: null });
  });

  it('takes the same message once', () => {
    const notice = writeTest('a', 1);
    const input = { channel: 'a', routes: [], notice, alertIds: [], occasion: ['x'], now: 1 };
    expect(putMessage(ctx.database.db, input)).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(putMessage(ctx.database.db, input)).toBeNull();
    expect(putMessage(ctx.database.db, { ...input, channel: 'b' })).not.toBeNull();
  });

  it('tries again later with the same id, and what came after waits its turn', async () => {
    server.answer = () => ({ status: 503 });
    const [first, second] = [put(), put()];
    await send();
    expect(stateOf(first)).toMatchObject({ state: 'pending', attempts: 1, problem: expect.stringContaining('503') });
    await send();
    expect(ids()).toEqual([first]);
    server.answer = () => ({ status: 200 });
    ctx.tick(10_000);
    await send();
    expect(ids()).toEqual([first, first, second]);
  });

  it('heeds how long a receiver asks to wait', async () => {
    server.answer = () => ({ status: 429, headers: { 'Retry-After': '3600' } });
    const id = put();
    await send();
    expect(stateOf(id)?.nextAttemptAt).toBe(ctx.now() + 3_600_000);
  });

  it('gives up after its last try, raises that, and goes on; the next success settles it', async () => {
    server.answer = () => ({ status: 404 });
    const [first, second] = [put(), put()];
    for (let i = 0; i < 3; i++) {
      await send();
      if (i === 1) server.answer = () => ({ status: server.asked.length <= 3 ? 404 : 200 });
      ctx.tick(3_600_000);
    }
    expect(stateOf(first)).toMatchObject({ state: 'failed', attempts: 3 });
    expect(stateOf(second)).toMatchObject({ state: 'sent' });
    expect(ctx.database.db.select().from(alerts).all()).toMatchObject([
      { kind: 'failing-channel', subject: 'a', state: 'resolved', standing: false },
    ]);
  });

  it('of one channel is not held up by another', async () => {
    server.answer = () => ({ status: 503 });
    put(ctx, 'a');
    await send();
    server.answer = () => ({ status: 200 });
    put(ctx, 'b');
    expect(await send(ctx, 'b')).toBe(1);
  });

  it('is left to the process that holds the lease of the channel', async () => {
    const lease = { name: 'channel a', holder: 'elsewhere:1:1', expiresAt: ctx.now() + 1000 };
    ctx.database.db.insert(jobLeases).values(lease).run();
    const id = put();
    expect(await send()).toBe(0);
    ctx.tick(1001);
    expect(await send()).toBe(1);
    expect(ids()).toEqual([id]);
    expect(ctx.database.db.select().from(jobLeases).all()).toEqual([]);
  });

  it('keeps a message whose sending was interrupted, and counts no try of it', async () => {
    const stop = new AbortController();
    server.answer = () => {
      stop.abort(new Error('stopped'));
      return { status: 200 };
    };
    const id = put();
    await expect(send(ctx, 'a', stop.signal)).rejects.toThrow();
    expect(stateOf(id)).toMatchObject({ state: 'pending', attempts: 0 });
    server.answer = () => ({ status: 200 });
    expect(await send()).toBe(1);
  });

  it('says nothing of secrets where they are missing', async () => {
    const id = put();
    const [config] = alertSettings(ctx.database.db).channels;
    if (!config) throw new Error('there is no channel');
    await sendDue(ctx, config, { address: null, environment: {} });
    expect(stateOf(id)?.problem).toBe('The environment variable MODELTRAIL_S of the jobs holds no secret.');
  });
});

describe('a test of a channel', () => {
  const actor = { kind: 'loopback' } as const;

  it('goes through the outbox before what waits, is tried once, and its outcome is kept', async () => {
    server.answer = () => ({ status: 503 });
    put();
    await send();
    const id = sendTest(ctx, 'a', actor);
    await send();
    expect(await getMessage(ctx.database, id)).toMatchObject({ kind: 'test', state: 'failed', attempts: 1 });
    expect(ctx.database.db.select().from(alerts).all()).toEqual([]);
    server.answer = () => ({ status: 200 });
    const again = sendTest(ctx, 'a', actor);
    await send();
    expect(await listMessages(ctx.database, { channel: 'a', limit: 1 })).toMatchObject([{ state: expect.any(String) }]);
    expect(await getMessage(ctx.database, again)).toMatchObject({ state: 'sent', problem: null });
    expect(JSON.parse(server.asked.at(-1)?.body ?? '')).toMatchObject({ type: 'test' });
  });

  it('is refused for a channel that is not there', () => {
    expect(() => sendTest(ctx, 'none', actor)).toThrow(UnknownChannelError);
  });
});

describe('the time until another try', () => {
  const maybe = new DeliveryError('x', 'maybe');

  it('grows, with jitter, up to an hour, and ends', () => {
    const waits = Array.from({ length: 9 }, (_, i) => retryDelay(i + 1, maybe, 0.5));
    expect(waits).toEqual([10_000, 30_000, 90_000, 270_000, 810_000, 2_430_000, 3_600_000, 3_600_000, null]);
    expect(retryDelay(1, maybe, 0)).toBe(7500);
    expect(retryDelay(1, maybe, 1)).toBe(12_500);
  });

  it('is none where trying again cannot help, and short where something is configured wrongly', () => {
    expect(retryDelay(1, new DeliveryError('x', 'never'), 0)).toBeNull();
    expect(retryDelay(2, new DeliveryError('x', 'unlikely'), 0)).not.toBeNull();
    expect(retryDelay(3, new DeliveryError('x', 'unlikely'), 0)).toBeNull();
  });
});

describe('a process that sends', () => {
  it('sends all, and nothing again that it knows was sent, wherever it is killed', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modeltrail-sending-'));
    const path = join(folder, 'base.db');
    const base = openContext(path);
    putInForce(base);
    const all = [put(base), put(base), put(base)];
    base.database.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    base.database.close();
    const known = (by: ServiceContext) =>
      by.database.db
        .select({ id: messages.id })
        .from(messages)
        .where(eq(messages.state, 'sent'))
        .all()
        .map(({ id }) => id);
    let kills = 0;
    for (let step = 0; ; step++) {
      const torn = join(folder, `torn-${step}.db`);
      copyFileSync(path, torn);
      server.asked.length = 0;
      const first = { ...base, database: openDatabase(torn) };
      killAfter(first.database.sqlite, step);
      const outcome = await send(first).catch((error: unknown) => (error as Error).cause ?? error);
      first.database.close();
      const second = { ...base, now: () => base.now() + 3_600_000, database: openDatabase(torn) };
      const before = known(second);
      const sentBefore = server.asked.length;
      await send(second);
      expect(known(second).sort(), `killed at step ${step}`).toEqual([...all].sort());
      expect(new Set(ids()), `killed at step ${step}`).toEqual(new Set(all));
      expect(
        ids()
          .slice(sentBefore)
          .filter((id) => before.includes(String(id))),
      ).toEqual([]);
      // At most the one message that was under way is sent twice.
      expect(server.asked.length).toBeLessThanOrEqual(all.length + 1);
      second.database.close();
      if (typeof outcome === 'number') break;
      expect(outcome).toBeInstanceOf(Killed);
      kills++;
    }
    expect(kills).toBeGreaterThan(20);
    rmSync(folder, { recursive: true });
  });
});
