import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '#lib/services/access/create-token.ts';
import { countAlerts, listAlerts } from '#lib/services/alert/list.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { listMessages } from '#lib/services/message/list.ts';
import { sendDue } from '#lib/services/message/send-due.ts';
import { mintJobs } from '#test/state-factories.ts';
import { putAlertsInForce } from '#test/support/alert-settings.ts';
import { fillAlerts } from '#test/support/alert-stage.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';

const executable = findChromium();
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

describe.skipIf(!executable)('alerts in the browser', () => {
  const folder = temporaryFolder();
  let ctx: TestContext;
  let web: RunningWeb;
  let browser: Browser;
  let receiver: AnsweringServer;
  let context: BrowserContext | null = null;
  const given = process.env.MODELTRAIL_HOST;

  beforeAll(async () => {
    receiver = await AnsweringServer.start();
    ctx = openContext(join(folder.path, 'alerts.db'));
    ctx.tick(Date.now() - ctx.now());
    mintJobs(ctx.database, Date.now());
    const chat = { kind: 'slack' as const, address: { env: 'MODELTRAIL_CHAT' }, 'allow-private': true };
    putAlertsInForce(ctx.database, {
      channels: [
        { ...chat, name: 'soc-chat' },
        { ...chat, name: 'spare' },
      ],
      routes: [{ name: 'grave', severity: 'high', channels: ['soc-chat'], repeat: '24h', resolved: true }],
    });
    await fillAlerts(ctx, 120);
    // As npm start tells it: nobody but people at this machine change anything.
    process.env.MODELTRAIL_HOST = '127.0.0.1';
    web = await startWeb(join(folder.path, 'alerts.db'));
    browser = await launchChromium(executable ?? '');
  });

  afterEach(async () => {
    await context?.close();
    context = null;
  });

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await receiver?.stop();
    ctx?.database.close();
    if (given === undefined) delete process.env.MODELTRAIL_HOST;
    else process.env.MODELTRAIL_HOST = given;
    folder.remove();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    expect((await page.goto(`${web.url}${path}`, { waitUntil: 'load' }))?.status(), path).toBe(200);
    return page;
  }

  it('are narrowed by their address, and decided about together, without a script', async () => {
    const before = await countAlerts(ctx.database);
    const page = await open('/alerts?state=new&kind=impersonation', { javaScriptEnabled: false });
    const rows = page.locator('tbody tr');
    const shown = await rows.count();
    expect(shown).toBeGreaterThan(1);
    for (let i = 0; i < 2; i++) await rows.nth(i).getByRole('checkbox').check();
    await page.getByLabel('Note, kept in the audit trail').fill('seen by the browser');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.waitForURL(/\/alerts\?state=new&kind=impersonation$/);
    expect(await rows.count()).toBe(shown - 2);
    expect(await countAlerts(ctx.database)).toMatchObject({
      new: before.new - 2,
      acknowledged: before.acknowledged + 2,
    });
    const [last] = await listAudit(ctx.database, { chain: 'alerts', limit: 1 });
    expect(last).toMatchObject({ action: 'alert.acknowledged', detail: { note: 'seen by the browser' } });
  });

  it('say what, how it is known and what now, and what was done', async () => {
    const { alerts } = await listAlerts(ctx.database, { filter: { state: 'new', kind: 'look-alike' }, limit: 1 });
    const page = await open(`/alerts/${alerts[0]?.id}`, { javaScriptEnabled: false });
    for (const text of ['How it is known', 'What now', 'Evidence', 'Who was told']) {
      expect(await page.getByText(text, { exact: true }).first().isVisible(), text).toBe(true);
    }
    await page.getByLabel('Silent for').selectOption('7d');
    await page.getByLabel('Note, kept in the audit trail').fill('until the move is over');
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    await page.waitForURL(/\/alerts\/alr_/);
    const history = page.locator('#history');
    expect(await history.getByText('until the move is over').isVisible()).toBe(true);
    expect(await page.getByText('Muted', { exact: true }).first().isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Unmute' }).click();
    expect(await history.getByText('unmuted it').isVisible()).toBe(true);
  });

  for (const [word, status] of [
    ['Taken', 200],
    ['Given up', 403],
  ] as const) {
    it(`show the outcome of a test: ${word}`, async () => {
      receiver.answer = () => ({ status });
      const page = await open('/alerts/channels', { javaScriptEnabled: false });
      await page.getByRole('button', { name: 'Send a test through spare' }).click();
      await page.waitForURL(/#channel-spare$/);
      const panel = page.locator('#channel-spare');
      expect(await panel.getByText('Waiting').first().isVisible()).toBe(true);
      const channel = alertSettings(ctx.database.db).channels.find(({ name }) => name === 'spare');
      if (!channel) throw new Error('there is no channel');
      const sending = { ...ctx, now: Date.now };
      await sendDue(sending, channel, {
        address: null,
        environment: { MODELTRAIL_CHAT: `${receiver.url}/services/T0` },
      });
      await page.reload();
      expect(await panel.getByText(word, { exact: true }).first().isVisible()).toBe(true);
      expect(await page.content()).not.toContain('/services/T0');
      const [message] = await listMessages(ctx.database, { channel: 'spare', limit: 1 });
      expect(message).toMatchObject({ kind: 'test', state: status === 200 ? 'sent' : 'failed' });
      expect(JSON.parse(receiver.asked.at(-1)?.body ?? '').text).toBe('Test of the channel spare');
    });
  }

  it('send again what was given up, once for a double click, from the channel and from an alert', async () => {
    const [failed] = await listMessages(ctx.database, { channel: 'soc-chat', state: 'failed', limit: 1 });
    const page = await open('/alerts/channels', { javaScriptEnabled: false });
    const button = page
      .locator('#channel-soc-chat')
      .getByRole('button', { name: /Send again/ })
      .first();
    await button.dblclick();
    await page.waitForURL(/#channel-soc-chat$/);
    const resent = await listAudit(ctx.database, { chain: 'alerts', action: 'message.resent', limit: 10 });
    expect(resent).toMatchObject([{ target: failed?.id }]);
    const state = ctx.database.sqlite.prepare('SELECT state FROM messages WHERE id = ?').pluck().get(failed?.id);
    expect(state).toBe('pending');
    const of = ctx.database.sqlite
      .prepare("SELECT alert_id FROM message_alerts JOIN messages ON id = message_id WHERE state = 'failed'")
      .pluck()
      .get();
    await page.goto(`${web.url}/alerts/${of}`);
    await page
      .locator('#messages')
      .getByRole('button', { name: /Send again/ })
      .first()
      .click();
    await page.waitForURL(/\/alerts\/alr_[0-9a-f]+#messages$/);
    expect(await page.locator('#messages').getByText('Waiting').first().isVisible()).toBe(true);
  });

  it('change nothing for another site', async () => {
    const { alerts } = await listAlerts(ctx.database, { filter: { state: 'new' }, limit: 1 });
    const id = alerts[0]?.id ?? '';
    for (const path of ['/alerts/change', '/alerts/channels/test', '/alerts/channels/resend']) {
      const response = await fetch(`${web.url}${path}`, {
        method: 'POST',
        headers: { Origin: 'https://evil.example', 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ id, action: 'resolve', channel: 'spare' }),
        redirect: 'manual',
      });
      expect(response.status, path).toBe(403);
    }
    expect((await listAlerts(ctx.database, { filter: { state: 'new' }, limit: 1 })).alerts[0]?.id).toBe(id);
  });

  it('are a feed for who may read, and no token in an address is taken', async () => {
    const { token } = createToken(ctx, { name: 'reader', scopes: ['read'], expiresAt: null }, { kind: 'command-line' });
    const { token: other } = createToken(
      ctx,
      { name: 'pipeline', scopes: ['ingest'], expiresAt: null },
      { kind: 'command-line' },
    );
    const ask = (bearer: string) =>
      fetch(`${web.url}/alerts/feed.atom`, { headers: { Authorization: `Bearer ${bearer}` } });
    const response = await ask(token);
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      'application/atom+xml; charset=utf-8',
    ]);
    expect(await response.text()).toContain('<id>urn:modeltrail:alert:alr_');
    for (const bearer of [other, 'mt_nonsense']) expect((await ask(bearer)).status).toBe(401);
  });

  it('are counted on every page', async () => {
    const { new: fresh } = await countAlerts(ctx.database);
    const page = await open('/');
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Alerts/ });
    expect(await link.textContent()).toContain(`${fresh} new alerts`);
    expect(
      await page
        .getByRole('main')
        .getByRole('link', { name: `${fresh} new alerts` })
        .isVisible(),
    ).toBe(true);
  });

  it('are readable on a phone, in the dark, and to everybody', async () => {
    const { alerts } = await listAlerts(ctx.database, { filter: {}, limit: 1 });
    for (const path of ['/alerts?state=all', `/alerts/${alerts[0]?.id}`, '/alerts/channels']) {
      for (const options of [{ viewport: WIDE }, { viewport: NARROW, colorScheme: 'dark' as const }]) {
        const page = await open(path, options);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, path).toBeLessThanOrEqual(0);
        const violations = await findViolations(page);
        expect(violations.map(({ id, nodes }) => [path, id, nodes[0]?.html])).toEqual([]);
        await context?.close();
      }
    }
  });
});
