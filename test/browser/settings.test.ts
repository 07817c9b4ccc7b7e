import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/migrate.ts';
import { checkToken } from '#lib/services/access/check-token.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { recordTrainingLog } from '#lib/services/training-log/record.ts';
import { readTrainingLog } from '#lib/training-log/read.ts';
import { sealOf } from '#lib/training-log/seal.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { openScene, type Scene, standards } from '#test/unit/http/scene.ts';
import { event, metric, mintTrainingLog } from '#test/unit/training-log/mint-log.ts';
import { signTrainingProvenance } from '#test/unit/training-log/sign-provenance.ts';

const executable = findChromium();

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

describe.skipIf(!executable)('tokens, reference and training logs', () => {
  const folder = temporaryFolder();
  let scene: Scene;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;

  beforeAll(async () => {
    const path = join(folder.path, 'settings.db');
    createDatabase(path).close();
    scene = openScene(path);
    const log = mintTrainingLog([
      event('training begins <b>'),
      ...Array.from({ length: 40 }, (_, i) => metric(i, { loss: 1 / (i + 1) })),
      { kind: 'checkpoint', step: 40, path: 'out', of: 'model', digest: { sha256: scene.roots[1] } },
    ]);
    const seal = sealOf(readTrainingLog(log.bytes));
    const taken = ingestBundle(scene.ctx, signTrainingProvenance(scene.roots[1], seal), standards);
    if (taken.outcome === 'refused') throw new Error(taken.reason);
    recordTrainingLog(scene.ctx, { bytes: log.bytes, source: 'ci' });
    web = await startWeb(path);
    browser = await launchChromium(executable ?? '');
  });

  afterEach(async () => {
    await context?.close();
    context = null;
  });

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    scene?.ctx.database.close();
    folder.remove();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    const response = await page.goto(`${web.url}${path}`, { waitUntil: 'load' });
    expect(response?.status(), path).toBe(200);
    return page;
  }

  async function makeToken(page: Page, name: string): Promise<string> {
    await page.getByLabel('Name').fill(name);
    await page.getByRole('checkbox', { name: /ingest/ }).check();
    await page.getByLabel('Runs out').selectOption('7');
    await page.getByRole('button', { name: 'Make token' }).click();
    return (await page.getByText(/^mt_[\w-]{43}$/).textContent()) ?? '';
  }

  for (const javaScriptEnabled of [true, false]) {
    it(`makes a token that works, and shows it once, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const name = `pipeline ${javaScriptEnabled}`;
      const page = await open('/settings/tokens', { javaScriptEnabled });
      const token = await makeToken(page, name);
      expect(page.url()).not.toContain('mt_');
      const held = await checkToken(scene.ctx.database, { token, now: Date.now() });
      expect(held).toMatchObject({ name, scopes: ['ingest'] });
      await page.goto(`${web.url}/settings/tokens`);
      expect(await page.content()).not.toContain(token);

      const row = page.getByRole('row', { name: new RegExp(name) });
      await row.getByText('Revoke').click();
      await row.getByRole('button', { name: 'Take it out of use' }).click();
      await page.waitForURL(/#tokens$/);
      expect(
        await page
          .getByRole('row', { name: new RegExp(name) })
          .getByText('Revoked')
          .isVisible(),
      ).toBe(true);
      expect(await checkToken(scene.ctx.database, { token, now: Date.now() })).toBeNull();
    });
  }

  for (const javaScriptEnabled of [true, false]) {
    const how = `${javaScriptEnabled ? 'with' : 'without'} JavaScript`;
    it(`says what is wrong with a form, makes no token of it, and keeps what was filled in, ${how}`, async () => {
      const page = await open('/settings/tokens', { javaScriptEnabled });
      await page.getByLabel('Name').fill(`nothing chosen ${how}`);
      await page.getByLabel('Runs out').selectOption('7');
      await page.getByRole('button', { name: 'Make token' }).click();
      await page.getByText('Choose at least one thing that the token may do.').waitFor();
      expect(await page.getByText(/^mt_[\w-]{43}$/).count()).toBe(0);
      expect(await page.getByLabel('Name').inputValue()).toBe(`nothing chosen ${how}`);
      expect(await page.getByLabel('Runs out').inputValue()).toBe('7');
      await page.getByRole('checkbox', { name: /ingest/ }).check();
      await page.getByRole('button', { name: 'Make token' }).click();
      await page.getByText(/^mt_[\w-]{43}$/).waitFor();
      expect(await page.getByLabel('Name').inputValue()).toBe('');
    });
  }

  it('makes and revokes nothing for a page that another name leads to', async () => {
    const url = new URL(web.url);
    const rebound = { Host: `rebound.example:${url.port}`, Origin: `http://rebound.example:${url.port}` };
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${web.url}/settings/tokens/revoke`,
        { method: 'POST', headers: { ...rebound, 'Content-Type': 'application/x-www-form-urlencoded' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sent.once('error', reject).end('name=ci 0');
    });
    expect(status).toBe(403);
  });

  it('shows what the run wrote, and that the log is the attested one', async () => {
    const page = await open(`/models/${scene.slug}`);
    const panel = page.locator('#training-log');
    expect(await panel.getByText('As attested').isVisible()).toBe(true);
    expect(await panel.getByRole('row', { name: /loss/ }).locator('path').getAttribute('d')).toMatch(/^M2\.0 /);
    expect(await panel.getByText('Yes: all of its files').isVisible()).toBe(true);
    expect(await panel.getByText('training begins <b>').isVisible()).toBe(true);
  });

  it('are readable on a phone, in the dark, and to everybody', async () => {
    for (const path of ['/settings/tokens', '/reference']) {
      for (const options of [{ viewport: WIDE }, { viewport: NARROW, colorScheme: 'dark' as const }]) {
        const page = await open(path, options);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, path).toBeLessThanOrEqual(0);
        // Of the reference's eighteen thousand elements a few sections of each kind.
        const violations = await findViolations(page, null, 'main section:nth-of-type(n+4)');
        expect(violations.map(({ id }) => id)).toEqual([]);
        await context?.close();
      }
    }
  });

  it('names every request and problem by an address of its own', async () => {
    const page = await open('/reference#post-training-logs');
    const request = page.locator('#post-training-logs');
    expect(await request.getByText('Hand in a sealed training log').isVisible()).toBe(true);
    expect(await request.getByText('Needs a token with the scope ingest.').last().isVisible()).toBe(true);
    expect(await page.locator('#problem-training-log-refused').getByText('422').isVisible()).toBe(true);
  });
});
