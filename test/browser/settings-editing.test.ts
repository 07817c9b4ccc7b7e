import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settings } from '#db/schema/setting.ts';
import { parseConfig } from '#lib/config/load.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { effectiveConfig } from '#lib/services/config/effective.ts';
import { searchByNewRules } from '#lib/services/rule/search-by-new-rules.ts';
import { takeUpRules } from '#lib/services/rule/take-up-rules.ts';
import { putSetting } from '#lib/services/setting/put.ts';
import { mintCheckpoint, mintCoverage, mintEvent, mintLog } from '#test/factories.ts';
import { mintFileInForce, mintJobs } from '#test/state-factories.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';

const executable = findChromium();
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const ACTOR = { kind: 'user', id: 'usr_1', name: 'another administrator' } as const;

const YAML = `organisation: { name: Models Example, contact: security@models.example }
watch:
  - name: Release bot
    identity: release-bot@models.example
`;

describe.skipIf(!executable)('settings in the browser', () => {
  const folder = temporaryFolder();
  let ctx: TestContext;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;
  const given = process.env.MODELTRAIL_HOST;

  beforeAll(async () => {
    const path = join(folder.path, 'm.db');
    ctx = openContext(path);
    const { database } = ctx;
    const log = mintLog(database, { startIndex: 0, downloadedSize: 50 });
    mintCoverage(database, log, 0, 50);
    const checkpoint = mintCheckpoint(database, log, { size: 50 });
    const entry = Buffer.from('no JSON, but data-bot@models.example stands in it');
    const undecided = 'The bytes are not JSON.';
    mintEvent(database, { log, checkpoint, logIndex: 7 }, { entry, undecided, undecidedBy: '1', san: null });
    mintEvent(database, { log, checkpoint, logIndex: 8 });
    mintJobs(database, Date.now());
    await beJobs();
    process.env.MODELTRAIL_HOST = '127.0.0.1';
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
    ctx?.database.close();
    if (given === undefined) delete process.env.MODELTRAIL_HOST;
    else process.env.MODELTRAIL_HOST = given;
    folder.remove();
  });

  /** What the jobs do when the configuration changes, as far as rules go. */
  async function beJobs(): Promise<void> {
    const { config } = effectiveConfig(ctx.database, parseConfig(Buffer.from(YAML), '/etc/modeltrail/modeltrail.yaml'));
    mintFileInForce(ctx, YAML);
    takeUpRules(ctx, config.watch);
    await searchByNewRules(ctx, config.watch, { policies: NO_POLICIES });
  }

  async function open(path: string, options: BrowserContextOptions = { javaScriptEnabled: false }): Promise<Page> {
    context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    expect((await page.goto(`${web.url}${path}`))?.status(), path).toBe(200);
    return page;
  }
  const rowOf = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });

  it('show what the file sets, and where, without a way to change it', async () => {
    const page = await open('/settings/watch');
    const row = rowOf(page, 'Release bot');
    expect(await row.getByText('modeltrail.yaml, line 3').isVisible()).toBe(true);
    expect(await row.getByText('In force').isVisible()).toBe(true);
    expect(await row.getByRole('link', { name: 'Edit' }).count()).toBe(0);
  });

  it('add a rule that is tried first, meets what is stored, and is switched off and removed, without a script', async () => {
    const page = await open('/settings/watch');
    await page.getByRole('link', { name: 'Add a watch rule' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Data bot');
    await page.getByRole('textbox', { name: 'Identity' }).fill('data-bot@models.example');
    await page.getByRole('button', { name: 'Try it on what is stored' }).click();
    await page.getByText('1 of the 2 entries that are stored here.').waitFor();
    expect(ctx.database.db.select().from(settings).all()).toEqual([]);

    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/settings\/watch\?at=.*#item-/);
    expect(await rowOf(page, 'Data bot').getByText('Waiting').isVisible()).toBe(true);
    await beJobs();
    await page.reload();
    const row = rowOf(page, 'Data bot');
    expect(await row.getByText('In force').isVisible()).toBe(true);
    expect(await row.getByText('here, by somebody at this machine').isVisible()).toBe(true);
    await row.getByRole('link', { name: '1 event' }).click();
    await page.waitForURL(/\/events\?rule=Data/);
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);

    await page.goto(`${web.url}/settings/watch`);
    await rowOf(page, 'Data bot').getByRole('link', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: 'Switch it off' }).click();
    await page.waitForURL(/\/settings\/watch\?at=.*#item-/);
    expect(await rowOf(page, 'Data bot').getByText('Off', { exact: true }).isVisible()).toBe(true);
    await rowOf(page, 'Data bot').getByRole('link', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.waitForURL(/\/settings\/watch#items$/);
    expect(await rowOf(page, 'Data bot').count()).toBe(0);
    const trail = await listAudit(ctx.database, { chain: 'settings', target: 'watch/Data bot', limit: 9 });
    expect(trail.map(({ action, actor }) => [action, actor.kind])).toEqual([
      ['setting.removed', 'loopback'],
      ['setting.disabled', 'loopback'],
      ['setting.added', 'loopback'],
    ]);
  });

  it('say what is wrong beside what was filled in, and keep it', async () => {
    const page = await open('/settings/watch/edit?kind=rule');
    await page.getByRole('textbox', { name: 'Name' }).fill('Broken');
    await page.getByRole('combobox', { name: 'Identity: how' }).selectOption('pattern');
    await page.getByRole('textbox', { name: 'Identity' }).fill('data-[z-a]');
    await page.getByRole('textbox', { name: 'Digests' }).fill('zz');
    await page.getByRole('button', { name: 'Save' }).click();
    const wrong = page.getByRole('alert', { name: 'What is wrong' });
    await wrong.getByText(/RE2 refuses the pattern at character 7: .*Correct the pattern/).waitFor();
    expect(await wrong.getByText(/"zz" is no digest in hex/).isVisible()).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Identity' }).inputValue()).toBe('data-[z-a]');
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Broken');
    expect(
      ctx.database.db
        .select()
        .from(settings)
        .all()
        .map(({ name }) => name),
    ).not.toContain('Broken');
  });

  it('do not save over what somebody else saved meanwhile, and show it', async () => {
    const put = { section: 'watch', name: 'Shared', enabled: true, actor: ACTOR } as const;
    putSetting(ctx, { ...put, value: { identity: 'first@models.example' }, revision: null });
    const page = await open('/settings/watch/edit?name=Shared');
    putSetting(ctx, { ...put, value: { identity: 'second@models.example' }, revision: 1 });
    await page.getByRole('textbox', { name: 'Identity' }).fill('mine@models.example');
    await page.getByRole('button', { name: 'Save' }).click();
    const notice = page.getByRole('alert', { name: 'Changed meanwhile' });
    await notice.getByText('another administrator').waitFor();
    expect(await notice.getByText('second@models.example').isVisible()).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Identity' }).inputValue()).toBe('mine@models.example');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/#item-/);
    expect(await rowOf(page, 'Shared').getByText('mine@models.example').isVisible()).toBe(true);
  });

  it('refuse a source that leads into the network of the server, and give out the rest as YAML', async () => {
    const page = await open('/settings/sources');
    await page.getByRole('link', { name: 'Add a registry' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('registry');
    await page.getByRole('textbox', { name: 'Repository' }).fill('oci://169.254.169.254/latest');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText(/leads to an address that is not on the public network/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Repository' }).fill('oci://registry.example.com/models/base');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/settings\/sources\?at=.*#item-/);
    const yaml = await (await fetch(`${web.url}/settings/sources/export`)).text();
    expect(yaml).toBe('sources:\n  - name: registry\n    oci: oci://registry.example.com/models/base\n');
  });

  it('of which there are hundreds have pages, are found by what they say, and stay in sight once they are changed', async () => {
    const many = Array.from({ length: 120 }, (_, i) => ({
      name: `Team ${i}`,
      value: { identity: `team-${i}@models.example` },
    }));
    for (const item of many) {
      putSetting(ctx, { section: 'watch', enabled: true, actor: ACTOR, revision: null, ...item });
    }
    const page = await open('/settings/watch');
    expect(await page.locator('tbody tr').count()).toBe(50);
    await page.getByRole('link', { name: 'Next' }).click();
    await page.waitForURL(/[?]page=2$/);
    await page.getByText(/^51 to 100 of 12\d$/).waitFor();
    await page.getByLabel('Part of a name, or of what it says').fill('TEAM-119@');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/q=TEAM-119/);
    expect(await page.locator('tbody tr').count()).toBe(1);
    await rowOf(page, 'Team 119').getByRole('link', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: 'Switch it off' }).click();
    await page.waitForURL(/at=Team.*#item-/);
    expect(await rowOf(page, 'Team 119').getByText('Off', { exact: true }).isVisible()).toBe(true);
  });

  it('change nothing for other sites, or for what is no list', async () => {
    const before = ctx.database.db.select().from(settings).all();
    const post = (path: string, headers: Record<string, string>, body: string) =>
      fetch(`${web.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body,
      });
    const other = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    const own = { Origin: web.url, 'Sec-Fetch-Site': 'same-origin' };
    const item = 'kind=rule&name=x&identity=x';
    expect((await post('/settings/watch/save', other, item)).status).toBe(403);
    expect((await post('/settings/watch/apply', other, 'name=Shared&to=removed&revision=3')).status).toBe(403);
    expect((await post('/settings/trust/save', own, item)).status).toBe(404);
    expect((await post('/settings/watch/apply', own, 'name=Shared&to=removed&revision=1')).status).toBe(409);
    expect((await post('/settings/watch/apply', own, 'name=Shared&to=nothing&revision=3')).status).toBe(400);
    expect((await post('/settings/watch/apply', own, 'name=none&to=removed&revision=3')).status).toBe(404);
    expect(ctx.database.db.select().from(settings).all()).toEqual(before);
  });

  it('are readable on a phone, in the dark, and to everybody', async () => {
    const paths = [
      '/settings/watch',
      '/settings/watch/edit?kind=rule&draft=1&identity=x&identity.how=pattern&digest=zz&try=1',
      '/settings/signers',
      '/settings/signers/edit?kind=expectation',
      '/settings/sources/edit?kind=github',
      '/settings/watch/change?name=Shared&to=removed',
    ];
    for (const path of paths) {
      for (const options of [{ viewport: WIDE }, { viewport: NARROW, colorScheme: 'dark' as const }]) {
        const page = await open(path, options);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, path).toBeLessThanOrEqual(0);
        const violations = await findViolations(page);
        expect(
          violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`),
          path,
        ).toEqual([]);
        await context?.close();
      }
    }
  });
});
