import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSetupCode } from '#lib/services/access/make-setup-code.ts';
import { PASSWORD } from '#test/support/access.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { mintTls } from '#test/support/mint-tls.ts';
import { temporaryFolder } from '#test/support/product.ts';

const executable = findChromium();

interface TlsProxy {
  readonly server: Server;
  readonly port: number;
  /** Where requests are passed on to. */
  readonly leads: { to: URL };
}

/** A proxy that ends TLS before the pages, as an operator has one. */
async function openProxy(): Promise<TlsProxy> {
  const leads = { to: new URL('http://127.0.0.1') };
  const server = createServer(mintTls('localhost'), (asked, answer) => {
    const headers = { ...asked.headers, 'x-forwarded-for': asked.socket.remoteAddress, 'x-forwarded-proto': 'https' };
    const { method, url: path } = asked;
    const passed = request({ host: leads.to.hostname, port: leads.to.port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.once('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port, leads };
}

describe.skipIf(!executable)('behind https', () => {
  const folder = temporaryFolder();
  let ctx: TestContext;
  let proxy: TlsProxy;
  let web: RunningWeb;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    const path = `${folder.path}/https.db`;
    ctx = openContext(path);
    ctx.tick(Date.now() - ctx.now());
    proxy = await openProxy();
    url = `https://localhost:${proxy.port}`;
    web = await startWeb(path, `access: { public-url: ${url}, proxies: 1 }\n`);
    proxy.leads.to = new URL(web.url);
    browser = await launchChromium(executable ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    proxy?.server.close();
    ctx?.database.close();
    folder.remove();
  });

  async function open(): Promise<Page> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    return context.newPage();
  }

  it('signs in with a cookie that only this origin gets back, and only by https', async () => {
    const page = await open();
    const code = makeSetupCode(ctx, { kind: 'jobs' });
    const answer = await page.goto(`${url}/setup`);
    expect(answer?.headers()['strict-transport-security']).toBe('max-age=63072000');
    await page.getByLabel('Code').fill(code);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Login').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password, once more').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the first admin' }).click();
    await page.waitForURL(`${url}/`);
    expect(await page.context().cookies()).toMatchObject([
      { name: '__Host-modeltrail', domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
    ]);
  });

  it('takes no session by the name that a plain connection could have written', async () => {
    const page = await open();
    await page.goto(`${url}/sign-in`);
    await page.getByLabel('Login').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${url}/`);
    const [cookie] = await page.context().cookies();
    await page.context().clearCookies();
    await page.context().addCookies([{ name: 'modeltrail', value: cookie?.value ?? '', url }]);
    await page.goto(`${url}/models`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  it('refuses forms that another origin sends, its own name over plain http among them', async () => {
    const send = async (origin: string) => {
      const headers = { Origin: origin, Host: new URL(url).host, 'Content-Type': 'application/x-www-form-urlencoded' };
      const answer = await fetch(`${web.url}/sign-in/password`, {
        method: 'POST',
        headers,
        body: 'login=ada&password=wrong',
        redirect: 'manual',
      });
      return answer.status;
    };
    expect(await send(`http://localhost:${proxy.port}`)).toBe(403);
    expect(await send(web.url)).toBe(403);
    expect(await send('https://elsewhere.example')).toBe(403);
    expect(await send(url)).not.toBe(403);
  });
});
