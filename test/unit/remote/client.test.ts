import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteClient } from '#lib/remote/client.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';

let server: AnsweringServer;
let client: RemoteClient;
const waits: number[] = [];

beforeEach(async () => {
  server = await AnsweringServer.start();
  waits.length = 0;
  client = new RemoteClient({ userAgent: 'Modeltrail/test (+a@b.example)', sleep: async (ms) => void waits.push(ms) });
});
afterEach(async () => {
  await client.close();
  await server.stop();
});

describe('RemoteClient', () => {
  it('says who asks, and gives status, headers and bytes', async () => {
    server.answer = () => ({ headers: { link: 'x' }, body: 'hello' });
    const answer = await client.send(`${server.url}/a?b=c`, { limit: 5, headers: { accept: 'text/plain' } });
    expect([answer.status, answer.header('link'), Buffer.from(answer.bytes).toString()]).toEqual([200, 'x', 'hello']);
    expect(server.asked).toMatchObject([
      { path: '/a?b=c', headers: { 'user-agent': 'Modeltrail/test (+a@b.example)' } },
    ]);
  });

  it('takes no more bytes than it may, whether announced or not', async () => {
    server.answer = () => ({ body: 'x'.repeat(1_000_000) });
    await expect(client.send(server.url, { limit: 999_999 })).rejects.toMatchObject({ code: 'too-large' });
    expect((await client.send(server.url, { limit: 1_000_000 })).bytes).toHaveLength(1_000_000);
  });

  it('follows no redirect, and takes only the statuses that were asked for', async () => {
    server.answer = () => ({
      status: 302,
      headers: { location: 'https://elsewhere.example/' },
      body: 'x'.repeat(100_000),
    });
    await expect(client.send(server.url, { limit: 10 })).rejects.toMatchObject({ code: 'unexpected-status' });
    expect((await client.send(server.url, { limit: 1e6, accept: [302] })).header('location')).toBe(
      'https://elsewhere.example/',
    );
  });

  it('tries again what may pass, waiting longer each time, and as long as the server asks', async () => {
    server.answer = () => ({ status: 503 });
    await expect(client.send(server.url, { limit: 10 })).rejects.toMatchObject({ code: 'server-error' });
    expect(waits).toEqual([500, 1000]);
    server.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    await expect(client.send(server.url, { limit: 10 })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfter: 7000,
    });
    expect(waits.slice(2)).toEqual([7000, 7000]);
  });

  it('does not wait for a server that asks for a long time, and does not ask again what is not there', async () => {
    server.answer = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    await expect(client.send(server.url, { limit: 10 })).rejects.toMatchObject({ retryAfter: 3_600_000 });
    server.answer = () => ({ status: 404 });
    await expect(client.send(server.url, { limit: 10 })).rejects.toMatchObject({ code: 'not-found' });
    expect(waits).toEqual([]);
  });

  it('gives up on a server that drips its answer for ever', async () => {
    const dripping = createServer((_, answer) => {
      answer.writeHead(200);
      const drip = setInterval(() => answer.write('x'), 5);
      answer.on('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
    const hasty = new RemoteClient({ userAgent: 'x', deadline: 100, attempts: 1 });
    const { port } = dripping.address() as AddressInfo;
    await expect(hasty.send(`http://127.0.0.1:${port}`, { limit: 1e9 })).rejects.toMatchObject({ code: 'timeout' });
    await hasty.close();
    dripping.closeAllConnections();
    dripping.close();
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    server.answer = () => {
      stop.abort(new Error('the jobs end'));
      return { status: 503 };
    };
    await expect(client.send(server.url, { limit: 10, signal: stop.signal })).rejects.toThrow('the jobs end');
  });
});
