import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listIncidents } from '#lib/services/incident/list.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import type { TestContext } from '#test/support/context.ts';
import { DATASET, fileOf, openIncidentScene } from '#test/support/incident-scene.ts';
import { temporaryFolder } from '#test/support/product.ts';

const executable = findChromium();
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const PREVIEW = `/incidents/new?kind=dataset&value=${DATASET}`;

describe.skipIf(!executable)('incidents', () => {
  const folder = temporaryFolder();
  let ctx: TestContext;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;
  let complaints: string[] = [];
  const given = process.env.MODELTRAIL_HOST;

  beforeAll(async () => {
    const path = join(folder.path, 'incidents.db');
    ctx = openIncidentScene(path, 3);
    // As npm start tells it: somebody at this machine may investigate.
    process.env.MODELTRAIL_HOST = '127.0.0.1';
    web = await startWeb(path);
    browser = await launchChromium(executable ?? '');
  });

  afterEach(async () => {
    await context?.close();
    context = null;
    complaints = [];
  });

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    ctx?.database.close();
    if (given === undefined) delete process.env.MODELTRAIL_HOST;
    else process.env.MODELTRAIL_HOST = given;
    folder.remove();
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return page;
  }

  /** What the Verify page says of a model’s one file, pasted as a list of hashes. */
  async function verify(page: Page, model: string): Promise<string> {
    await page.goto(`${web.url}/verify`);
    await page.getByRole('textbox', { name: /list/i }).fill(`${fileOf(model)}  file-0\n`);
    await page
      .getByRole('button', { name: /check|verify/i })
      .last()
      .click();
    await page.waitForURL(/\/verifications\//);
    return page.getByRole('region', { name: 'Answer' }).innerText();
  }

  it('are opened, decided about and closed with forms that need no script, and refuse in between', async () => {
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${web.url}/incidents`);
    await page.getByRole('textbox').fill(DATASET);
    await page.getByRole('button', { name: 'See what it went into' }).click();
    expect(new URL(page.url()).search).toBe(`?kind=dataset&value=${DATASET}`);
    const preview = page.getByRole('region', { name: 'What it reaches', exact: true }).first();
    // What runs stands first, and each says why.
    expect(await preview.getByRole('row').nth(1).innerText()).toContain('production / support-0');
    expect(await preview.innerText()).toContain(`${DATASET} → sentiment`);

    await page.getByLabel('Title').fill('Poisoned reviews');
    await page.getByRole('button', { name: 'Open the incident' }).click();
    await page.waitForURL(/\/incidents\/inc_/);
    const incident = page.url();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('#1 Poisoned reviews');

    const refused = await verify(page, 'sentiment');
    expect(refused).toContain('there as signed');
    expect(refused).toContain('part of incident #1');
    await page.goto(`${web.url}/models/sentiment-small`);
    expect(await page.getByRole('region', { name: 'Notices' }).innerText()).toContain('part of incident #1');

    await page.goto(incident);
    await page.getByLabel(/^Reason/).fill('Trained on another split.');
    await page.getByRole('button', { name: 'Clear sentiment', exact: true }).click();
    await page.getByLabel(/^Reason/).fill('Trained on the rows.');
    await page.getByLabel('Tick sentiment-1').check();
    await page.getByLabel('Tick sentiment-2').check();
    await page.getByRole('button', { name: 'Affected', exact: true }).click();
    const { incidents } = await listIncidents(ctx.database, { filter: {}, limit: 1 });
    expect(incidents[0]?.counts).toMatchObject({ affected: 2, cleared: 1 });
    expect(await verify(page, 'sentiment')).not.toContain('incident');

    await page.goto(incident);
    await page.getByLabel(/^Plain text for everybody/).fill('Do not use it.\nAsk security@models.example.');
    await page.getByRole('button', { name: 'Say so in public' }).click();
    await page.getByLabel(/^Resolution/).fill('Trained anew.');
    await page.getByRole('button', { name: 'Close the incident' }).click();
    const words = await page.locator('main').innerText();
    expect(words).toContain('Trained anew.');
    expect(words).toContain('Chain whole');
    expect(await verify(page, 'sentiment-1')).toContain('Ask security@models.example.');
    expect(await verify(page, 'sentiment-3')).not.toContain('incident');
  });

  it('refuse a form that was opened before another change, and say what changed', async () => {
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${web.url}${PREVIEW}`);
    await page.getByLabel('Title').fill('Another');
    await page.getByRole('button', { name: 'Open the incident' }).click();
    const other = await (context as BrowserContext).newPage();
    await other.goto(page.url());
    await other.getByLabel(/^Note/).fill('Looked at it.');
    await other.getByRole('button', { name: 'Write it down' }).click();
    await page.getByRole('button', { name: 'Under review' }).click();
    expect(await page.locator('body').innerText()).toMatch(/was changed since you looked at it: .* wrote a note/);
  });

  it('follow the scope with their preview as it is typed', async () => {
    const page = await openPage();
    await page.goto(`${web.url}/incidents/new`);
    await page.getByLabel('Value of criterion 1').fill(DATASET);
    await page.getByRole('region', { name: 'What it reaches', exact: true }).first().waitFor();
    expect(page.url()).toContain(`value=${DATASET}`);
    await page.getByLabel('Kind of criterion 1').selectOption('commit');
    await page.getByText('Commit (commit): is not a commit').waitFor();
    // Nothing that was typed is lost.
    expect(await page.getByLabel('Value of criterion 1').inputValue()).toBe(DATASET);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['wide', WIDE, 'light'],
    ['narrow', NARROW, 'dark'],
  ] as const)('have accessible pages that never scroll sideways, %s', async (_, viewport, colorScheme) => {
    const page = await openPage({ viewport, colorScheme });
    const { incidents } = await listIncidents(ctx.database, { filter: {}, limit: 1 });
    for (const path of [
      '/incidents',
      '/incidents/new',
      PREVIEW,
      `/incidents/${incidents[0]?.id}`,
      '/models/sentiment',
    ]) {
      await page.goto(`${web.url}${path}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), path).toBe(0);
      const violations = await findViolations(page);
      expect(
        violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        path,
      ).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});
