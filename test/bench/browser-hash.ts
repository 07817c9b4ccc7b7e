import { join } from 'node:path';
import type { Page } from 'playwright';
import { createDatabase } from '#db/migrate.ts';
import { findChromium, launchChromium, startWeb } from '#test/support/browser.ts';
import { temporaryFolder } from '#test/support/product.ts';

export interface BrowserHashing {
  /** What was hashed: `one large file`. */
  readonly what: string;
  readonly files: number;
  readonly bytes: number;
  /** Seconds: the Verify page's pool, and WebCrypto's one-shot over one file after the other; the best of the rounds. */
  readonly pool: number;
  readonly oneShot: number;
  /** Time of the pool by that of the one-shot: below 1 the pool is faster. */
  readonly ratio: number;
}

export interface FolderToHash {
  readonly what: string;
  /** On this computer; nothing in it is left out. */
  readonly path: string;
}

/**
 * Hashes folders in Chromium by SHA-256: on the Verify page as people do, and beside it with what the browser has itself,
 * on the same bytes, in turns.
 *
 * @returns null where there is no Chromium.
 */
export async function benchBrowserHash(folders: readonly FolderToHash[], rounds = 3): Promise<BrowserHashing[] | null> {
  const executable = findChromium();
  if (!executable) return null;
  const place = temporaryFolder();
  const database = createDatabase(join(place.path, 'bench.db'));
  database.close();
  const web = await startWeb(join(place.path, 'bench.db'));
  const browser = await launchChromium(executable);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    const results: BrowserHashing[] = [];
    for (const { what, path } of folders) {
      const pool: number[] = [];
      const oneShot: number[] = [];
      let size = { files: 0, bytes: 0 };
      for (let round = 0; round < rounds; round++) {
        await page.goto(`${web.url}/verify`);
        pool.push(await hashByPool(page, path));
        const measured = await hashByOneShot(page, path);
        oneShot.push(measured.seconds);
        size = measured;
      }
      const [best, beside] = [Math.min(...pool), Math.min(...oneShot)];
      results.push({ what, files: size.files, bytes: size.bytes, pool: best, oneShot: beside, ratio: best / beside });
    }
    return results;
  } finally {
    await browser.close();
    await web.stop();
    place.remove();
  }
}

/** Seconds as the page itself measures them, from the first file to the last. */
async function hashByPool(page: Page, path: string): Promise<number> {
  await page.locator('button:enabled', { hasText: 'Choose a folder' }).waitFor();
  await page.locator('[data-chooses=folder]').setInputFiles(path);
  await page.getByText('This is all that is sent').waitFor();
  return Number(await page.locator('data').first().getAttribute('value')) / 1000;
}

async function hashByOneShot(page: Page, path: string): Promise<{ seconds: number; files: number; bytes: number }> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', webkitdirectory: true, id: 'one-shot' });
    document.body.append(input);
  });
  await page.locator('#one-shot').setInputFiles(path);
  return page.evaluate(async () => {
    const files = [...((document.querySelector('#one-shot') as HTMLInputElement).files ?? [])];
    const begun = performance.now();
    for (const file of files) await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    const seconds = (performance.now() - begun) / 1000;
    return { seconds, files: files.length, bytes: files.reduce((total, { size }) => total + size, 0) };
  });
}
