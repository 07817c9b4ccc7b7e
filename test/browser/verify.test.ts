import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { temporaryFolder } from '#test/support/product.ts';
import {
  flipByte,
  manyFiles,
  mintInForce,
  registerList,
  SCENE_STANDARDS,
  sceneContext,
  writeModel,
} from '#test/support/verify-scene.ts';

const executable = findChromium();
if (!executable)
  console.warn('Skipped: the Verify page is tested in Chromium, and none was found. Name one by CHROMIUM=/path.');

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

/** Megabytes: one is past what WebCrypto is given at once, the others are not. */
const SIZES = {
  'model-1.safetensors': 140,
  'model-2.safetensors': 60,
  'model-3.safetensors': 60,
  'tokenizer/vocab.bin': 30,
  'config.bin': 1,
};

describe.skipIf(!executable)('the Verify page', () => {
  const folder = temporaryFolder();
  const model = join(folder.path, 'northwind-weights');
  const checksums = () => list.files.map(({ path, digests }) => `${digests[0]?.digest}  ${path}\n`).join('');
  let list: ReturnType<typeof writeModel>;
  let database: OpenDatabase;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;
  let complaints: string[] = [];
  let sent: Request[] = [];
  let dense = '';

  beforeAll(async () => {
    const path = join(folder.path, 'verify.db');
    database = createDatabase(path);
    mintInForce(database);
    list = writeModel(model, SIZES);
    registerList(database, '1.0', list);
    registerList(database, '1.0', manyFiles('many-parts', 5000));
    const asked = { channel: 'api', source: 'release-bot', place: 'kserve/prod', expect: null } as const;
    const many = manyFiles('many-parts', 5000, 1200);
    dense = verifyHashList(sceneContext(database), { list: many, ...asked }, SCENE_STANDARDS).id;
    web = await startWeb(path);
    browser = await launchChromium(executable ?? '');
  });

  afterEach(async () => {
    await context?.close();
    context = null;
    complaints = [];
    sent = [];
  });

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    database?.close();
    folder.remove();
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    context.on('request', (request) => void (request.method() !== 'GET' && sent.push(request)));
    return page;
  }

  async function verifyFolder(page: Page): Promise<void> {
    await page.goto(`${web.url}/verify`);
    await page.locator('[data-chooses=folder]').setInputFiles(model);
    await page.getByText('This is all that is sent').waitFor();
  }

  const fileRows = (page: Page) => page.locator('#files tbody tr').allInnerTexts();

  it('hashes a folder, shows all that it sends, sends that and nothing else, and finds the version', async () => {
    const page = await openPage();
    await verifyFolder(page);
    expect(sent).toEqual([]);
    const shown = await page.getByRole('region', { name: 'The list that is sent' }).innerText();
    expect(shown.trim()).toBe(writeModeltrailManifest(list).trim());

    await page.getByRole('button', { name: 'Send and verify' }).click();
    await page.waitForURL(/\/verifications\/vrf_/);
    expect(sent.map((request) => request.url())).toEqual([`${web.url}/verify/check?`]);
    expect(sent[0]?.postData()).toBe(writeModeltrailManifest(list));
    await page.getByText('All 5 files match.').waitFor();
    expect(await page.getByRole('region', { name: 'Answer' }).innerText()).toMatch(
      /Known, unsigned[\s\S]*northwind-weights/,
    );
    expect(complaints).toEqual([]);
  });

  it('names the one file in which one byte was turned over', async () => {
    const place = join(model, 'model-2.safetensors');
    flipByte(place, 31_415_926);
    const page = await openPage();
    await verifyFolder(page);
    await page.getByLabel('Model').first().fill('northwind-weights');
    await page.getByLabel('Version').first().fill('1.0');
    await page.getByRole('button', { name: 'Send and verify' }).click();
    await page.waitForURL(/\/verifications\/vrf_/);
    await page.locator('#files tbody tr').first().waitFor();
    const rows = await fileRows(page);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/model-2\.safetensors[\s\S]*Differs/);
    expect(await page.getByRole('region', { name: 'Answer' }).innerText()).toMatch(/Not what was expected/);
    flipByte(place, 31_415_926);
    expect(complaints).toEqual([]);
  });

  it('is used with the keyboard alone', async () => {
    const page = await openPage();
    // Listened to from the start: a chooser that opens before the browser knows of it would be lost.
    page.on('filechooser', (chooser) => void chooser.setFiles(join(model, 'config.bin')));
    await page.goto(`${web.url}/verify`);
    await tabTo(page, 'Choose files');
    await page.keyboard.press('Enter');
    await page.getByText('This is all that is sent').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^3\. Look at the list/);
    await tabTo(page, 'Send and verify');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/verifications\/vrf_/);
    expect(complaints).toEqual([]);
  });

  it('stops at once when it is cancelled, and sends nothing', async () => {
    const page = await openPage();
    await page.goto(`${web.url}/verify`);
    await page.locator('[data-chooses=folder]').setInputFiles(model);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    expect(sent).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('lets its workers send nothing anywhere, and gives no page WebAssembly', async () => {
    const page = await openPage();
    const workers: string[] = [];
    page.on('worker', (worker) => workers.push(worker.url()));
    await verifyFolder(page);
    expect(workers.length).toBeGreaterThan(0);
    for (const url of workers) {
      const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
      expect(policy).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'");
    }
    const policy = (await fetch(`${web.url}/verify`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("worker-src 'self'");
    expect(policy).not.toContain('wasm');
  });

  it('takes a list without JavaScript, and says on which line it cannot be read', async () => {
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${web.url}/verify`);
    await page.getByLabel('The list', { exact: true }).fill(checksums());
    await page.getByRole('button', { name: 'Verify the list' }).click();
    await page.waitForURL(/\/verifications\/vrf_/);
    await page.getByText('All 5 files match.').waitFor();

    await page.goto(`${web.url}/verify`);
    await page.getByLabel('The list', { exact: true }).fill(`${checksums()}this is no checksum\n`);
    await page.getByRole('button', { name: 'Verify the list' }).click();
    expect(await page.locator('body').innerText()).toMatch(/line 6/i);
  });

  it('says beside the list why it is refused', async () => {
    const page = await openPage();
    await page.goto(`${web.url}/verify`);
    await page.getByLabel('The list', { exact: true }).fill('d41d8cd98f00b204e9800998ecf8427e  weights.bin');
    await page.getByRole('button', { name: 'Verify the list' }).click();
    expect(await page.getByRole('alert').filter({ hasText: 'sha256sum' }).first().innerText()).toMatch(/line 1/i);
    await page.getByLabel('The list', { exact: true }).fill(checksums());
    await page.getByLabel('Model').last().fill('no-such-model');
    await page.getByRole('button', { name: 'Verify the list' }).click();
    await page.getByText('No model "no-such-model" is known here').waitFor();
  });

  it('takes nothing that another site sends', async () => {
    const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'cross-site' };
    const body = writeModeltrailManifest(list);
    for (const path of ['/verify/check', `/verifications/${dense}/again`]) {
      expect((await fetch(`${web.url}${path}`, { method: 'POST', headers, body })).status, path).toBe(403);
    }
  });

  it('keeps a receipt that can be checked again, whose first answer stays', async () => {
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${web.url}/verifications/${dense}`);
    await page.getByRole('button', { name: 'Check again now' }).click();
    await page.locator('#runs tbody tr').nth(1).waitFor();
    expect(await page.locator('#runs tbody tr').count()).toBe(2);
    const kept = (await (await fetch(`${web.url}/verifications/${dense}/json`)).json()) as {
      first: { id: number };
      latest: { id: number };
      runs: unknown[];
    };
    expect(kept.runs).toHaveLength(2);
    expect(kept.latest.id).toBeGreaterThan(kept.first.id);
  });

  it('pages through the files of a long answer', async () => {
    const page = await openPage({ javaScriptEnabled: false });
    await page.goto(`${web.url}/verifications/${dense}`);
    expect(await page.locator('#files tbody tr').count()).toBe(200);
    await page.getByText('1 to 200 of 1,200').waitFor();
    await page.getByRole('link', { name: 'More files' }).click();
    await page.getByText('201 to 400 of 1,200').waitFor();
    await page.getByRole('link', { name: 'Matches (3,800)' }).click();
    await page.getByText('1 to 200 of 3,800').waitFor();
  });

  it.each([
    ['light', WIDE],
    ['dark', WIDE],
    ['dark', NARROW],
  ] as const)('is free of what axe finds, and never too wide: %s %o', async (colorScheme, viewport) => {
    const page = await openPage({ colorScheme, viewport });
    for (const path of ['/verify', `/verifications/${dense}`, `/verifications/${dense}?files=matches`]) {
      const response = await page.goto(`${web.url}${path}`);
      expect(response?.status(), path).toBe(200);
      await expectAccessible(page, path);
    }
    await page.goto(`${web.url}/verify`);
    await page.locator('[data-chooses=files]').setInputFiles(join(model, 'config.bin'));
    await page.getByText('This is all that is sent').waitFor();
    await expectAccessible(page, 'review');
    expect(complaints).toEqual([]);
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

/** Tabs until a button has the focus; it can be pressed from then on. */
async function tabTo(page: Page, name: string): Promise<void> {
  await page.locator('button:enabled', { hasText: name }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  for (let i = 0; i < 80 && (await focused()) !== name; i++) await page.keyboard.press('Tab');
  expect(await focused()).toBe(name);
}
