import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { listBackfills } from '#lib/services/backfill/list.ts';
import { countUndecided } from '#lib/services/event/list-undecided.ts';
import { type LogRow, mintCheckpoint, mintCoverage, mintEvent, mintLog, mintRuleSearch } from '#test/factories.ts';
import { mintConfiguration, mintJobs } from '#test/state-factories.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { temporaryFolder } from '#test/support/product.ts';

const executable = findChromium();

describe.skipIf(!executable)('searches that people ask for', () => {
  const folder = temporaryFolder();
  let database: OpenDatabase;
  let log: LogRow;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;

  beforeAll(async () => {
    const path = join(folder.path, 'logs.db');
    database = createDatabase(path);
    mintConfiguration(database);
    mintJobs(database, Date.now());
    log = mintLog(database, { startIndex: 400, lastSuccessAt: Date.now() });
    mintCoverage(database, log, 400, 1000);
    mintRuleSearch(database, log, 'Release bot', 900);
    const checkpoint = mintCheckpoint(database, log, { size: 1000 });
    const undecided = 'The bytes are not JSON.';
    mintEvent(database, { log, checkpoint, logIndex: 7 }, { san: null, issuer: null, undecided, undecidedBy: '1' });
    // As npm start tells it: nobody but people at this machine start and stop searches.
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
    database?.close();
    folder.remove();
  });

  async function open(path: string): Promise<Page> {
    context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    expect((await page.goto(`${web.url}${path}`))?.status()).toBe(200);
    return page;
  }
  const searches = async () =>
    (await listBackfills(database, log.id)).map(({ rules, startIndex, endIndex, state }) => [
      rules,
      startIndex,
      endIndex,
      state,
    ]);

  it('are started and stopped with forms that need no script', async () => {
    const page = await open(`/logs/${log.id}`);
    expect(await page.getByText('400 entries before the tail were not read, about 1.2 MB.').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Read the past' }).click();
    await page.waitForURL(/#backfills$/);
    expect(await searches()).toEqual([[null, 0, 400, 'open']]);
    expect(await page.getByText('0 of 400 read').isVisible()).toBe(true);
    expect(await page.getByText('0 to 399 being read back (400 entries)').isVisible()).toBe(true);

    await page.getByRole('button', { name: 'Search these 500 entries for the rule Release bot' }).click();
    await page.waitForURL(/#backfills$/);
    expect(await searches()).toEqual([
      [['Release bot'], 400, 900, 'open'],
      [null, 0, 400, 'open'],
    ]);
    expect(await page.getByText('Being searched').isVisible()).toBe(true);

    await page.getByText('Stop the search of 0 to 399').click();
    await page.getByRole('button', { name: 'Stop the search' }).last().click();
    await page.waitForURL(/#backfills$/);
    expect(await searches()).toContainEqual([null, 0, 400, 'stopped']);
    expect((await searches())[0]).toEqual([['Release bot'], 400, 900, 'open']);
  });

  it('of undecided entries lead to the jobs', async () => {
    expect(await countUndecided(database)).toMatchObject({ all: 1, waiting: 0 });
    const page = await open('/undecided');
    await page.getByRole('button', { name: 'Try again now' }).click();
    await page.getByText('1 of them is read again by the jobs within seconds.').waitFor();
    expect(await countUndecided(database)).toMatchObject({ waiting: 1 });
  });

  it('are refused from other sites, through proxies, and where they make no sense, and nothing is changed', async () => {
    const before = await searches();
    const post = (path: string, headers: Record<string, string>, body = 'history=yes') =>
      fetch(`${web.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body,
      });
    const own = { Origin: web.url, 'Sec-Fetch-Site': 'same-origin' };
    for (const path of [`/logs/${log.id}/backfills`, `/logs/${log.id}/backfills/2/stop`, '/undecided/again']) {
      expect((await post(path, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
      expect((await post(path, {})).status).toBe(403);
      expect((await post(path, { ...own, 'X-Forwarded-For': '203.0.113.9' })).status).toBe(401);
    }
    const refused = await post(`/logs/${log.id}/backfills`, own, 'rule=nobody');
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('No rule "nobody"')]);
    expect((await post(`/logs/${log.id}/backfills`, own, 'x=1')).status).toBe(400);
    expect((await post('/logs/99/backfills', own)).status).toBe(404);
    expect((await post(`/logs/${log.id}/backfills/99/stop`, own)).status).toBe(404);
    expect(await searches()).toEqual(before);
  });

  it('are free of what axe finds', async () => {
    context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    for (const path of [`/logs/${log.id}`, '/undecided']) {
      await page.goto(`${web.url}${path}`);
      expect(
        (await findViolations(page)).map(({ id }) => id),
        path,
      ).toEqual([]);
    }
  });
});
