import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteClient } from '#lib/remote/client.ts';
import type { Resolve } from '#lib/remote/guarded-lookup.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';

let server: AnsweringServer;
let client: RemoteClient;
let leads: Resolve;

beforeEach(async () => {
  server = await AnsweringServer.start();
  server.answer = () => ({ body: 'secret' });
  client = new RemoteClient({
    userAgent: 'Modeltrail/test (+a@b.example)',
    attempts: 1,
    publicOnly: true,
    resolve: (hostname) => leads(hostname),
  });
});
afterEach(async () => {
  await client.close();
  await server.stop();
});

const port = () => server.host.split(':')[1];
const ask = (host: string) => client.send(`http://${host}:${port()}/latest`, { limit: 100 });

describe('a client that asks the public network alone', () => {
  it('asks no address inside, however the name or the number is written', async () => {
    leads = async () => [{ address: '127.0.0.1', family: 4 }];
    for (const host of ['127.0.0.1', 'localhost', 'registry.example.com', '[::ffff:127.0.0.1]', '2130706433']) {
      await expect(ask(host), host).rejects.toMatchObject({
        code: 'unexpected-status',
        message: expect.stringContaining('it is not on the public network'),
      });
    }
    expect(server.asked).toEqual([]);
  });

  it('is not led inside by a name that changes its mind between the look and the connection', async () => {
    let looks = 0;
    leads = async () => [{ address: looks++ === 0 ? '93.184.215.14' : '127.0.0.1', family: 4 }];
    await expect(ask('registry.example.com')).rejects.toMatchObject({ code: 'unexpected-status' });
    expect([looks, server.asked]).toEqual([2, []]);
  });
});
