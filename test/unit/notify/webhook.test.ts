import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelSchema } from '#lib/config/channel-schema.ts';
import { deliver } from '#lib/notify/deliver.ts';
import { signWebhook } from '#lib/notify/webhook-signature.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { deliveryOf, HOSTILE, hostileAlert } from './support.ts';

let server: AnsweringServer;

beforeEach(async () => {
  server = await AnsweringServer.start();
  server.answer = () => ({ status: 200 });
});
afterEach(() => server.stop());

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;

function channel(...secrets: string[]) {
  return channelSchema.parse({
    kind: 'webhook',
    name: 'hooks',
    url: `${server.url}/in`,
    secrets: secrets.map((_, i) => ({ env: `MODELTRAIL_SECRET_${i}` })),
    'allow-private': true,
  });
}

const environmentOf = (secrets: readonly string[]) =>
  Object.fromEntries(secrets.map((value, i) => [`MODELTRAIL_SECRET_${i}`, value]));

async function send(secrets: readonly string[], hostile = 'a title') {
  const delivery = deliveryOf([hostileAlert(hostile)]);
  await deliver(channel(...secrets), delivery, { environment: environmentOf(secrets), now: Date.now() });
  const [asked] = server.asked.slice(-1);
  if (!asked) throw new Error('nothing was sent');
  return asked;
}

const headersOf = (asked: Awaited<ReturnType<typeof send>>) => ({
  'webhook-id': String(asked.headers['webhook-id']),
  'webhook-timestamp': String(asked.headers['webhook-timestamp']),
  'webhook-signature': String(asked.headers['webhook-signature']),
});

describe('a signed webhook', () => {
  it.each(HOSTILE)('is verified by the library of Standard Webhooks, and gives back %j', async (hostile) => {
    const key = secret();
    const asked = await send([key], hostile);
    const payload = new Webhook(key).verify(asked.body, headersOf(asked));
    expect(payload).toMatchObject({
      type: 'alert.raised',
      data: {
        heading: 'High: Unclaimed signing',
        total: 1,
        alerts: [{ kind: 'unclaimed-signing', title: hostile.toWellFormed(), severity: 'high', state: 'new' }],
      },
    });
  });

  it('is verified with either of two secrets while one is replaced, and with no third', async () => {
    const secrets = [secret(), secret()];
    const asked = await send(secrets);
    for (const key of secrets) expect(() => new Webhook(key).verify(asked.body, headersOf(asked))).not.toThrow();
    expect(() => new Webhook(secret()).verify(asked.body, headersOf(asked))).toThrow('No matching signature');
  });

  it('is refused by the library where a byte of it was changed', async () => {
    const key = secret();
    const asked = await send([key]);
    const headers = headersOf(asked);
    expect(() => new Webhook(key).verify(asked.body.replace('a title', 'b title'), headers)).toThrow();
    expect(() => new Webhook(key).verify(asked.body, { ...headers, 'webhook-id': 'msg_other' })).toThrow();
  });

  it('has the same id and body at every try', async () => {
    const key = secret();
    const [first, second] = [await send([key]), await send([key])];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
  });

  it.each([
    'whsec_',
    'whsec_c2hvcnQ=',
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    Buffer.alloc(32, 1).toString('base64'),
    `whsec_${Buffer.alloc(32, 1).toString('base64').replace('=', '')}`,
    'whsec_!!!!',
  ])('is not signed with %j, which is no secret, and the message does not repeat it', (bad) => {
    const sign = () => signWebhook({ id: 'msg_1', timestamp: 1, body: '{}' }, [bad]);
    expect(sign).toThrow('24 to 64 random bytes');
    expect(sign).not.toThrow(bad === 'whsec_' ? 'never' : bad);
  });

  it('is not sent where its secret is nowhere', async () => {
    const sending = deliver(channel('x'), deliveryOf([hostileAlert('x')]), { environment: {}, now: 0 });
    await expect(sending).rejects.toMatchObject({
      hope: 'unlikely',
      message: expect.stringContaining('MODELTRAIL_SECRET_0'),
    });
    expect(server.asked).toEqual([]);
  });
});
