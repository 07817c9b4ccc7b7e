import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { partsOf, SHARED_PARTS } from '#lib/provenance/shared-parts.ts';
import { publish } from '#lib/services/sharing/publish.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { ACTOR, mintIncident, mintShared } from '#test/support/sharing-scene.ts';
import { mintInForce, sceneContext } from '#test/support/verify-scene.ts';

const executable = findChromium();
if (!executable)
  console.warn('Skipped: sharing is tested in Chromium, and none was found. Name one by CHROMIUM=/path.');

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };
const HOSTILE = `"><script>alert(1)</script>]]>&\u202e\u0000模型🙂`;

describe.skipIf(!executable)('sharing', () => {
  const folder = temporaryFolder();
  const model = join(folder.path, 'granite');
  const given = process.env.MODELTRAIL_HOST;
  let database: OpenDatabase;
  let web: RunningWeb;
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let complaints: string[] = [];
  let requests: Request[] = [];
  let granite: ReturnType<typeof mintShared>;
  let page = '';

  beforeAll(async () => {
    const path = join(folder.path, 'sharing.db');
    database = createDatabase(path);
    mintInForce(database);
    const files = ['config.json', 'model.safetensors', 'tokenizer/vocab.json'].map(writeFile);
    granite = mintShared(database, { name: 'granite', files });
    const poisoned = mintShared(database, { name: 'poisoned', files: files.slice(0, 2) });
    mintIncident(database, poisoned.artifactId, { notice: 'Do not load it.' });
    const hostile = mintShared(database, { name: HOSTILE, label: HOSTILE, signer: HOSTILE, dataset: HOSTILE });
    for (const [slug, { versionId }] of Object.entries({ poisoned, hostile })) {
      const target = { kind: 'version', targetId: versionId } as const;
      publish(sceneContext(database), { ...target, slug, parts: partsOf(SHARED_PARTS), actor: ACTOR });
    }
    const [row] = database.sqlite.prepare("SELECT slug FROM models WHERE name = 'granite'").all() as { slug: string }[];
    page = `/models/${row?.slug}`;
    process.env.MODELTRAIL_HOST = '127.0.0.1';
    web = await startWeb(path);
    browser = await launchChromium(executable ?? '');
  });

  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts = [];
    complaints = [];
    requests = [];
  });

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    database?.close();
    if (given === undefined) delete process.env.MODELTRAIL_HOST;
    else process.env.MODELTRAIL_HOST = given;
    folder.remove();
  });

  function writeFile(path: string) {
    const place = join(model, path);
    mkdirSync(dirname(place), { recursive: true });
    const bytes = Buffer.from(`content of ${path}`);
    writeFileSync(place, bytes);
    return { path, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: WIDE, ...options });
    contexts.push(context);
    const opened = await context.newPage();
    opened.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(error.message));
    context.on('request', (request) => void requests.push(request));
    await opened.goto(`${web.url}${path}`);
    return opened;
  }

  async function check(outsider: Page): Promise<string> {
    await outsider.locator('#folder-input').setInputFiles(model);
    await outsider.locator('#check-answer').waitFor();
    return outsider.locator('#check-answer').innerText();
  }

  it('publishes by a form without a script, shows it to an outsider, and takes it back', async () => {
    const inside = await open(page, { javaScriptEnabled: false });
    await inside.getByText('Publish a page').click();
    await inside.getByLabel('Address').fill('our-granite');
    await inside
      .locator('#sharing form[action="/sharing/publish"]')
      .getByRole('checkbox', { name: /^Chain/ })
      .check();
    await inside.getByRole('button', { name: 'Publish' }).click();
    await inside.getByText('is public at').waitFor();

    const outsider = await open('/p/our-granite');
    expect(await outsider.locator('.lead').innerText()).toMatch(/^Yes, if yours are the same: .* since 12 Mar 2026\.$/);
    await outsider.getByText('chain-marker-dataset').first().waitFor();
    expect(await outsider.context().cookies()).toEqual([]);

    await inside.getByText('Take it back').click();
    await inside.getByRole('button', { name: 'Withdraw' }).click();
    await inside.getByText('Nothing of this is public.').waitFor();
    expect((await outsider.reload())?.status()).toBe(410);
    expect(await outsider.locator('body').innerText()).toContain('took it back');
    await inside.goto(`${web.url}/sharing`);
    await inside.getByText('Taken back').waitFor();
  });

  it('shows a preview before anything is public', async () => {
    const inside = await open(page, { javaScriptEnabled: false });
    await inside.getByText('Make an unlisted link').click();
    const form = inside.locator('form[action="/sharing/link"]');
    await form.getByRole('checkbox', { name: /^Signer/ }).uncheck();
    await form.getByRole('checkbox', { name: /^Proofs/ }).uncheck();
    const opened = inside.context().waitForEvent('page');
    await form.getByRole('button', { name: 'Preview' }).click();
    const preview = await opened;
    await preview.getByText('Preview: this is what outsiders would see').waitFor();
    expect(await preview.locator('body').innerText()).not.toContain('signer-marker');
  });

  it('makes a link that opens the page for whoever has it, until it is revoked', async () => {
    const inside = await open(page, { javaScriptEnabled: false });
    await inside.getByText('Make an unlisted link').click();
    await inside.getByLabel('For whom').fill('the auditors');
    await inside.getByRole('button', { name: 'Make the link' }).click();
    await inside.waitForURL(/\/s\/[A-Za-z0-9_-]{43}$/);
    const link = new URL(inside.url()).pathname;
    const outsider = await open(link);
    expect(await check(outsider)).toBe('Yes: 3 files, all the same as on this page.');
    await inside.goto(`${web.url}/sharing`);
    await inside.getByText('Revoke').click();
    await inside.getByRole('button', { name: 'Take it out of use' }).click();
    expect((await outsider.reload())?.status()).toBe(404);
  });

  it('tells an outsider which files are the same, changed, missing and strange, and sends nothing', async () => {
    publish(sceneContext(database), {
      kind: 'version',
      targetId: granite.versionId,
      slug: 'check-me',
      parts: partsOf(SHARED_PARTS),
      actor: ACTOR,
    });
    const outsider = await open('/p/check-me');
    expect(await check(outsider)).toBe('Yes: 3 files, all the same as on this page.');
    appendFileSync(join(model, 'model.safetensors'), '!');
    expect(await check(outsider)).toMatch(/^No: 1 file is changed/);
    expect(await outsider.locator('#check-result tbody').innerText()).toMatch(/model\.safetensors\s+Changed/);
    rmSync(join(model, 'model.safetensors'));
    expect(await check(outsider)).toMatch(/1 file is missing/);
    writeFile('model.safetensors');
    writeFileSync(join(model, '<img src=x>.bin'), 'strange');
    expect(await check(outsider)).toMatch(/^Not only: 1 file is not on the list/);
    rmSync(join(model, '<img src=x>.bin'));
    expect(await check(outsider)).toMatch(/^Yes/);
    expect(requests.filter((request) => request.method() !== 'GET')).toEqual([]);
    expect(
      requests.filter((request) => !request.url().startsWith(`${web.url}/p/`)).map((request) => request.url()),
    ).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('takes files that are dropped on the page', async () => {
    const outsider = await open('/p/poisoned');
    await outsider.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(['content of config.json'], 'config.json'));
      dispatchEvent(new DragEvent('drop', { dataTransfer: files, cancelable: true }));
    });
    await outsider.locator('#check-answer').waitFor();
    expect(await outsider.locator('#check-answer').innerText()).toContain('must not be used');
  });

  it('says first that a version must not be used, without a script too', async () => {
    const outsider = await open('/p/poisoned', { javaScriptEnabled: false });
    expect((await outsider.locator('main').innerText()).trim()).toMatch(/^Do not use\s+Do not load it\./);
    expect(await outsider.locator('#check').innerText()).toContain('Checking here needs JavaScript');
  });

  it('gives badge and feed that a parser takes, whatever names strangers choose', async () => {
    const outsider = await open('/p/hostile');
    for (const resource of ['badge.svg', 'feed.atom']) {
      const text = await (await fetch(`${web.url}/p/hostile/${resource}`)).text();
      const problem = await outsider.evaluate((xml) => {
        const parsed = new DOMParser().parseFromString(xml, 'application/xml');
        return parsed.querySelector('parsererror')?.textContent ?? parsed.querySelector('script')?.outerHTML ?? null;
      }, text);
      expect(problem, resource).toBeNull();
    }
    const badge = await outsider.evaluate(async () => {
      const image = new Image();
      image.src = '/p/hostile/badge.svg';
      await image.decode();
      return [image.naturalWidth > 100, image.naturalHeight];
    });
    expect(badge).toEqual([true, 20]);
    expect(await outsider.locator('script').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('transfers little script before files are chosen', async () => {
    const sizes = new Map<string, number>();
    const outsider = await open('/p/nobody');
    outsider.on('requestfinished', async (request) => {
      if (request.resourceType() !== 'script') return;
      const { responseBodySize, responseHeadersSize } = await request.sizes();
      sizes.set(request.url(), responseBodySize + responseHeadersSize);
    });
    await outsider.goto(`${web.url}/p/poisoned`, { waitUntil: 'networkidle' });
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    console.info(`JavaScript of a public page: ${total} bytes in ${sizes.size} file, as transferred`);
    expect(sizes.size).toBe(1);
    expect(total).toBeLessThan(4096);
  });

  it.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['light', NARROW],
    ['dark', NARROW],
  ] as const)('is free of what axe finds, and never too wide: %s %o', async (colorScheme, viewport) => {
    for (const path of ['/p/poisoned', '/p/hostile', '/p/nobody', '/sharing', page]) {
      const opened = await open(path, { colorScheme, viewport });
      if (path === page)
        for (const fold of await opened.locator('#sharing > div details > summary').all()) await fold.click();
      if (path === '/p/hostile') await check(opened);
      await expectAccessible(opened, path);
    }
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });
});

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, what).toBe(0);
}
