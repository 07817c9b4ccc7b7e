import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messages } from '#db/schema/alert.ts';
import { writeTest } from '#lib/notify/write-notice.ts';
import { listChannels } from '#lib/services/alert/list-channels.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { putMessage } from '#lib/services/message/put.ts';
import { resendMessage, UnknownMessageError } from '#lib/services/message/resend.ts';
import { sendDue } from '#lib/services/message/send-due.ts';
import { UnknownChannelError } from '#lib/services/message/send-test.ts';
import { putAlertsInForce } from '#test/support/alert-settings.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

const ACTOR = { kind: 'command-line' } as const;
let ctx: TestContext;
let server: AnsweringServer;
let id: string;

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  // 410 is given up at once.
  server.answer = () => ({ status: 410 });
  putAlertsInForce(ctx.database, {
    channels: [
      {
        name: 'a',
        kind: 'webhook',
        url: `${server.url}/`,
        secrets: [{ env: 'MODELTRAIL_S' }],
        'allow-private': true,
      },
    ],
  });
  id = put('first');
  await send();
});
afterEach(async () => {
  ctx.database.close();
  await server.stop();
});

function put(heading: string): string {
  const notice = { ...writeTest('a', ctx.now()), kind: 'alert' as const, heading };
  const input = { channel: 'a', routes: [], notice, alertIds: [], occasion: [heading], now: ctx.now() };
  return putMessage(ctx.database.db, input) ?? '';
}

async function send(): Promise<void> {
  const [channel] = alertSettings(ctx.database.db).channels;
  if (!channel) throw new Error('there is no channel');
  const environment = { MODELTRAIL_S: `whsec_${Buffer.alloc(32, 7).toString('base64')}` };
  await sendDue(ctx, channel, { address: null, environment, random: () => 0.5 });
}

const row = () => ctx.database.db.select().from(messages).where(eq(messages.id, id)).get();
const trail = () => listAudit(ctx.database, { chain: 'alerts', limit: 10 });

describe('a message that was given up', () => {
  it('is sent again with its id, and the trail says who asked for it', async () => {
    expect(row()?.state).toBe('failed');
    expect(resendMessage(ctx, id, ACTOR)).toEqual({ channel: 'a', outcome: 'again' });
    server.answer = () => ({ status: 204 });
    await send();
    expect(row()).toMatchObject({ state: 'sent', attempts: 1, problem: null });
    expect(server.asked.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(await trail()).toMatchObject([
      {
        action: 'message.resent',
        target: id,
        actor: ACTOR,
        detail: { channel: 'a', problem: expect.stringContaining('410') },
      },
    ]);
  });

  it('is sent once however often it is asked for', async () => {
    server.answer = () => ({ status: 204 });
    expect([1, 2, 3].map(() => resendMessage(ctx, id, ACTOR).outcome)).toEqual(['again', 'waiting', 'waiting']);
    await send();
    expect(resendMessage(ctx, id, ACTOR).outcome).toBe('taken');
    await send();
    expect(server.asked).toHaveLength(2);
    expect(await trail()).toHaveLength(1);
  });

  it('has all its tries again, and can be given up again', async () => {
    server.answer = () => ({ status: 503 });
    resendMessage(ctx, id, ACTOR);
    for (let i = 0; i < 9; i++) {
      await send();
      ctx.tick(2 * 3_600_000);
    }
    expect(row()).toMatchObject({ state: 'failed', attempts: 9 });
    expect(resendMessage(ctx, id, ACTOR).outcome).toBe('again');
  });

  it('stays given up where its channel is gone, or there is none of its id', () => {
    putAlertsInForce(ctx.database, {});
    expect(() => resendMessage(ctx, id, ACTOR)).toThrow(UnknownChannelError);
    expect(() => resendMessage(ctx, 'msg_none', ACTOR)).toThrow(UnknownMessageError);
    expect(row()?.state).toBe('failed');
  });

  it('is among what its channel shows, however much was taken since', async () => {
    server.answer = () => ({ status: 204 });
    for (let i = 0; i < 8; i++) {
      ctx.tick(1000);
      put(`later ${i}`);
    }
    await send();
    const { channels } = await listChannels(ctx.database);
    expect(channels[0]?.latest.map(({ heading }) => heading)).toEqual([
      'later 7',
      'later 6',
      'later 5',
      'later 4',
      'later 3',
      'first',
    ]);
  });
});
