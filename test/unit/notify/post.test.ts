import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '#lib/notify/delivery-error.ts';
import { type PostTarget, postJson } from '#lib/notify/post.ts';
import type { Resolve } from '#lib/remote/guarded-lookup.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { mintTls } from '#test/support/mint-tls.ts';

let server: AnsweringServer;

beforeEach(async () => {
  server = await AnsweringServer.start();
  server.answer = () => ({ status: 204 });
});
afterEach(() => server.stop());

const port = () => new URL(server.url).port;

async function failure(target: Partial<PostTarget> & { url: string }, resolve?: Resolve): Promise<DeliveryError> {
  const whole = { allowPrivate: false, allowHttp: true, ...target };
  const error = await postJson(whole, { headers: {}, body: '{}', resolve, timeout: 2000 }).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof DeliveryError) return error;
  throw new Error(`${target.url} was not refused: ${String(error)}`);
}

describe('posting to a server', () => {
  it('sends the body as JSON, where private addresses are allowed', async () => {
    const target = { url: `${server.url}/hook?a=1`, allowPrivate: true, allowHttp: true };
    await postJson(target, { headers: { 'x-given': 'yes' }, body: '{"a":1}' });
    expect(server.asked).toMatchObject([
      { method: 'POST', path: '/hook?a=1', body: '{"a":1}', headers: { 'x-given': 'yes' } },
    ]);
  });

  it.each([
    ['plainly', '127.0.0.1'],
    ['in decimal', '2130706433'],
    ['in octal', '0177.0.0.1'],
    ['in hex', '0x7f000001'],
    ['shortened', '127.1'],
    ['as all addresses', '0.0.0.0'],
    ['as IPv6', '[::1]'],
    ['mapped', '[::ffff:127.0.0.1]'],
    ['mapped, in hex', '[::ffff:7f00:1]'],
    ['by NAT64', '[64:ff9b::7f00:1]'],
    ['in full-width figures', '１２７.0.0.1'],
    ['in circled figures', '①②⑦.⓪.⓪.①'],
    ['with a trailing dot', '127.0.0.1.'],
    ['by name', 'localhost'],
    ['by name, in other letters', 'LOCALHOST'],
    ['by name, in full-width letters', 'ｌｏｃａｌｈｏｓｔ'],
    ['by metadata', '169.254.169.254'],
  ])('asks nobody at this machine, however it is written: %s', async (_, host) => {
    const { message, hope } = await failure({ url: `http://${host}:${port()}/` });
    expect(message).toContain('not on the public network');
    expect(hope).toBe('unlikely');
    expect(server.asked).toEqual([]);
  });

  it.each([
    'http://[fe80::1%25eth0]/',
    'http://[::1',
    'ftp://hooks.example/',
    'file:///etc/passwd',
    'hooks.example',
    '',
  ])('refuses %j, which is no address of a server', async (url) => {
    expect((await failure({ url })).message).toContain('no https address');
  });

  it('refuses an address with a login, whatever stands in it', async () => {
    const { message } = await failure({ url: `http://hooks.example@127.0.0.1:${port()}/` });
    expect(message).toContain('has a login');
    expect(message).not.toContain('127.0.0.1');
  });

  it('refuses plain http that was not allowed', async () => {
    const outside = { url: 'http://hooks.example/', allowPrivate: true, allowHttp: false };
    expect((await failure(outside)).message).toContain('plain http');
  });

  it('is not led inside by a name whose address changes between look and connection', async () => {
    let looks = 0;
    const rebinding: Resolve = async () => [{ address: looks++ === 0 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
    const { message } = await failure({ url: `http://rebind.example:${port()}/` }, rebinding);
    expect(message).toContain('not on the public network');
    expect(looks).toBe(2);
    expect(server.asked).toEqual([]);
  });

  it('is not led inside by one private address among public ones', async () => {
    const mixed: Resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect((await failure({ url: `http://mixed.example:${port()}/` }, mixed)).message).toContain('public network');
  });

  it.each(['localhost.', 'inside.models.example.', 'xn--lcalhost-54a.example', 'lоcalhost'])(
    'asks nobody at this machine by a name that leads there: %s',
    async (host) => {
      const inside: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
      expect((await failure({ url: `http://${host}:${port()}/` }, inside)).message).toContain('public network');
      expect(server.asked).toEqual([]);
    },
  );

  it.each([301, 302, 303, 307, 308])('follows no redirect: %i', async (status) => {
    server.answer = ({ path }) => (path === '/' ? { status, headers: { Location: '/inside' } } : { status: 200 });
    const { message, hope } = await failure({ url: `${server.url}/`, allowPrivate: true });
    expect(message).toContain('redirects are not followed');
    expect(hope).toBe('unlikely');
    expect(server.paths()).toEqual(['/']);
  });

  it.each([
    [400, 'unlikely'],
    [404, 'unlikely'],
    [408, 'maybe'],
    [410, 'never'],
    [429, 'maybe'],
    [500, 'maybe'],
    [503, 'maybe'],
  ] as const)('says what is to be hoped after %i', async (status, hope) => {
    server.answer = () => ({ status, body: 'secret of the receiver' });
    const error = await failure({ url: `${server.url}/secret-path`, allowPrivate: true });
    expect(error).toMatchObject({ hope, retryAfter: null });
    expect(error.message).not.toMatch(/secret/);
  });

  it('heeds how long a receiver asks to wait, up to a day', async () => {
    for (const [header, least, most] of [
      ['120', 120_000, 120_000],
      [new Date(Date.now() + 60_000).toUTCString(), 50_000, 60_000],
      ['999999999', 86_400_000, 86_400_000],
      [new Date(0).toUTCString(), 0, 0],
    ] as const) {
      server.answer = () => ({ status: 503, headers: { 'Retry-After': header } });
      const { retryAfter } = await failure({ url: server.url, allowPrivate: true });
      expect(retryAfter).toBeGreaterThanOrEqual(least);
      expect(retryAfter).toBeLessThanOrEqual(most);
    }
  });

  it('reads no more of an answer than is needed to throw it away', async () => {
    server.answer = () => ({ status: 200, body: Buffer.alloc(20 * 1024 * 1024) });
    await postJson({ url: server.url, allowPrivate: true, allowHttp: true }, { headers: {}, body: '{}' });
  });

  it('gives up on who does not answer', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const { port: at } = silent.address() as AddressInfo;
      // It waits for a TLS greeting that plain http does not send.
      const url = `http://127.0.0.1:${at}/`;
      const target = { url, allowPrivate: true, allowHttp: true };
      await expect(postJson(target, { headers: {}, body: '{}', timeout: 200 })).rejects.toMatchObject({
        hope: 'maybe',
      });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  it('trusts an authority of the operator for a server, and nobody that it does not know', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modeltrail-ca-'));
    const { cert, key } = mintTls('127.0.0.1');
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, cert);
    const secure = createServer({ cert, key }, (_, answer) => answer.writeHead(200).end());
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    try {
      const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
      const target = { url, allowPrivate: true, allowHttp: false };
      await postJson({ ...target, caFile }, { headers: {}, body: '{}' });
      expect((await failure({ ...target })).message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
      expect((await failure({ ...target, caFile: join(folder, 'none.pem') })).message).toContain('cannot be read');
    } finally {
      secure.closeAllConnections();
      secure.close();
      rmSync(folder, { recursive: true });
    }
  });
});
