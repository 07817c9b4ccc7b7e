import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { mintEvent } from '#test/factories.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { mintDense } from '#test/support/dense.ts';
import { HOSTILE } from '#test/support/dense-signers.ts';
import { temporaryFolder } from '#test/support/product.ts';

const executable = findChromium();
if (!executable)
  console.warn('Skipped: the pages are tested in Chromium, and none was found. Name one by CHROMIUM=/path.');

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

describe.skipIf(!executable)('the pages', () => {
  const folder = temporaryFolder();
  let database: OpenDatabase;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;
  let complaints: string[] = [];
  let paths: string[] = [];

  beforeAll(async () => {
    const path = join(folder.path, 'dense.db');
    database = createDatabase(path);
    mintDense(database, { now: Date.now(), events: 640, models: 30 });
    paths = pagesOf(database);
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
    database?.close();
    folder.remove();
  });

  /** A page whose every complaint is kept: refused by the security policy, thrown by a script, written to the console. */
  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    return page;
  }

  async function goto(page: Page, path: string): Promise<void> {
    const response = await page.goto(`${web.url}${path}`, { waitUntil: 'load' });
    expect(response?.status(), path).toBe(200);
  }

  describe('filters of the events', () => {
    it('stand in the address, and survive reload and paging', async () => {
      const page = await openPage();
      await goto(page, '/events');
      await page.getByText('Narrow by signer').click();
      await page.getByLabel('Claim').selectOption('other');
      await page.getByLabel('From (UTC)').fill('2020-01-01');
      await page.getByRole('button', { name: 'Filter' }).click();
      await page.waitForURL((url) => url.search === '?claim=other&from=2020-01-01');

      await page.getByRole('link', { name: 'Older' }).click();
      await page.waitForURL(/before=/);
      await page.reload();
      const query = new URL(page.url()).searchParams;
      expect([query.get('claim'), query.get('from')]).toEqual(['other', '2020-01-01']);
      expect(new Set(await claimsOn(page))).toEqual(new Set(['Other']));
      expect(await page.getByLabel('Claim').inputValue()).toBe('other');

      await page.getByRole('link', { name: /claim\s*Other/ }).click();
      await page.waitForURL((url) => !url.search.includes('claim'));
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ from: '2020-01-01' });
      expect(complaints).toEqual([]);
    });

    it('work without JavaScript, and leave no empty parts in the address', async () => {
      const page = await openPage({ javaScriptEnabled: false });
      await goto(page, '/events');
      await page.getByText('Narrow by signer').click();
      await page.getByLabel('Claim').selectOption('unclaimed');
      await page.getByLabel('Own identities only').check();
      await page.getByRole('button', { name: 'Filter' }).click();
      expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ claim: 'unclaimed', own: 'true' });
      expect(new Set(await claimsOn(page))).toEqual(new Set(['Unclaimed']));
      await page.getByRole('link', { name: 'Older' }).click();
      expect(new URL(page.url()).searchParams.get('claim')).toBe('unclaimed');
    });

    it('say so when nothing matches, and when they are not understood', async () => {
      const page = await openPage();
      await goto(page, '/events?q=no-such-identity-anywhere');
      expect(await page.getByText('No event matches all of these filters').isVisible()).toBe(true);
      await goto(page, '/events?from=yesterday&before=broken&claim=nonsense&log=x');
      expect(await page.getByText(/“yesterday” is no time/).isVisible()).toBe(true);
    });
  });

  describe('strings of strangers', () => {
    it('are shown as text, never run, never hide what they are, and cannot widen a page', async () => {
      const page = await openPage({ viewport: NARROW });
      for (const path of paths) {
        await goto(page, path);
        expect(await page.title(), path).toMatch(/Modeltrail$/);
        const text = (await page.locator('main').textContent()) ?? '';
        // The page's own words have line ends and, in durations and counts, nothing invisible at all.
        expect(text.replaceAll('\n', ''), path).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}]/u);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, path).toBe(0);
      }
      await goto(page, '/events?q=script');
      expect(await page.getByText(HOSTILE.script).first().isVisible()).toBe(true);
      expect(complaints).toEqual([]);
    });
  });

  describe('every page', () => {
    it.each([
      ['light', WIDE, null],
      // What a theme and a width do not change was looked at above.
      ['dark', WIDE, ['color-contrast', 'link-in-text-block']],
      ['dark', NARROW, ['target-size', 'scrollable-region-focusable', 'meta-viewport']],
    ] as const)(
      'is free of what axe finds, and of complaints of the browser: %s %o',
      async (colorScheme, viewport, rules) => {
        const page = await openPage({ colorScheme, viewport });
        for (const path of onePerKind(paths)) {
          await goto(page, path);
          const violations = await findViolations(page, rules);
          const found = violations.map(
            ({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
          );
          expect(found).toEqual([]);
        }
        expect(complaints).toEqual([]);
      },
      300_000,
    );

    it('comes with a policy that lets nothing in from elsewhere', async () => {
      const { headers } = await fetch(`${web.url}/events`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(
        /default-src 'none'; script-src 'self' 'nonce-[^']+' 'strict-dynamic'; style-src 'self' 'nonce-/,
      );
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect((await fetch(`${web.url}/events`)).headers.get('content-security-policy')).not.toBe(policy);
    });

    it('keeps the theme that was chosen', async () => {
      const page = await openPage({ colorScheme: 'light' });
      await goto(page, '/');
      await page.getByRole('button', { name: 'Dark theme' }).click();
      await page.reload();
      expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
    });

    it('that does not exist says so, with the status of it', async () => {
      const page = await openPage();
      for (const path of [
        '/nothing',
        '/events/evt_none',
        '/models/none',
        '/logs/999',
        '/logs/0x1',
        '/identity?san=nobody',
      ]) {
        const response = await page.goto(`${web.url}${path}`);
        expect(response?.status(), path).toBe(404);
        await page.getByText('There is nothing at this address').waitFor();
      }
      expect((await page.goto(`${web.url}/artifacts/sha256/abc`))?.status()).toBe(404);
      await page.getByText('A sha256 digest has 64 hexadecimal digits; this has 3 characters.').waitFor();
    });
  });

  describe('the timeline', () => {
    it('is reached mark by mark with the keyboard, tells each, and leads to its row', async () => {
      const page = await openPage();
      await goto(page, '/models/northwind-base');
      const marks = page.locator('svg a.mark');
      expect(await marks.count()).toBeGreaterThan(10);
      await tabInto(page, 'a.mark');
      const label = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      expect(label).toMatch(/UTC$/);
      await expectReadout(page, /UTC ·/);
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).not.toBe(label);
      await page.keyboard.press('Enter');
      await page.waitForURL(/#signing-/);
      expect(await page.locator('tr:target').count()).toBe(1);
    });

    it('is there without JavaScript, with a long silence and the changes of signer', async () => {
      const page = await openPage({ javaScriptEnabled: false });
      await goto(page, '/models/northwind-base');
      expect(await page.locator('svg a.mark').count()).toBeGreaterThan(10);
      expect(await page.getByText(/^silent for \d+ d/).isVisible()).toBe(true);
      expect(await page.getByText('Signer or workflow changed').isVisible()).toBe(true);
    });
  });

  describe('the chain', () => {
    it('is opened, followed and closed with the keyboard alone, and each view has its address', async () => {
      const page = await openPage();
      await goto(page, '/models/northwind-assistant');
      const boxes = page.locator('svg .chain-link');
      const before = await boxes.count();
      await focusOn(page, 'svg .chain-link:has-text("show them")');
      await page.keyboard.press('Enter');
      await page.waitForURL(/open=\d+/);
      await page.waitForFunction((count) => document.querySelectorAll('svg .chain-link').length > count, before);
      await focusOn(page, 'svg .chain-close');
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.search.includes('open='));
      await focusOn(page, 'svg .chain-link:has-text("northwind-foundation")');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/models\/northwind-foundation/);
      expect(complaints).toEqual([]);
    });

    it('is there without JavaScript: boxes, lines with their words, and the same as a table', async () => {
      const page = await openPage({ javaScriptEnabled: false });
      await goto(page, '/models/northwind-assistant');
      await page.locator('svg .chain-link:has-text("show them")').first().click();
      await page.waitForURL(/open=/);
      expect(new URL(page.url()).searchParams.get('open')).toMatch(/^\d+$/);
      expect(await page.locator('svg .chain-link').count()).toBeGreaterThan(20);
      expect(await page.locator('#chain svg text', { hasText: 'Conflict' }).count()).toBeGreaterThan(0);
      expect(await page.locator('#links tbody tr').count()).toBe(20);
      await page.getByRole('link', { name: /^All \d+ links$/ }).click();
      await page.waitForURL(/links=all/);
      expect(await page.locator('#links tbody tr').count()).toBeGreaterThan(150);
    });

    it('says what is broken, since when, and why, before anything else', async () => {
      const page = await openPage();
      await goto(page, '/models/northwind-assistant');
      const words = await page.getByRole('region', { name: 'In words' }).innerText();
      expect(words).toMatch(/Broken since \d+ \w+ \d{4} [\d:]+ UTC: An unsigned file declares/);
      await goto(page, '/models/tide-gauge');
      expect(await page.getByText('Nothing says what it was made from').isVisible()).toBe(true);
    });
  });

  describe('the level of provenance', () => {
    it('says without JavaScript what is missing, opens to every check, and says what no level does', async () => {
      const page = await openPage({ javaScriptEnabled: false });
      await goto(page, '/models/northwind-assistant');
      const panel = page.getByRole('region', { name: 'Level of provenance' });
      expect(await panel.getByRole('heading', { name: /^Missing for ML-L\d: \d+ checks?$/ }).isVisible()).toBe(true);
      expect(await panel.getByText('They are no levels of SLSA').isVisible()).toBe(true);
      const all = panel.getByRole('region', { name: 'All checks of ML-L4' });
      expect(await all.isVisible()).toBe(false);
      await panel.getByText(/^All 38 checks, \d+ met$/).click();
      expect(await all.locator('tbody tr').count()).toBe(8);
      expect(await all.getByText('The run had no network').isVisible()).toBe(true);
    });
  });

  describe('two versions', () => {
    it('are chosen and compared without JavaScript', async () => {
      const page = await openPage({ javaScriptEnabled: false });
      await goto(page, '/models/northwind-assistant/diff');
      await page.getByLabel('From').selectOption({ index: 20 });
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.waitForURL(/from=ver_/);
      expect(new URL(page.url()).searchParams.get('from')).toMatch(/^ver_/);
      const changes = await page.locator('#files td[data-label="Change"]').allInnerTexts();
      expect(new Set(changes.map((text) => text.replace(/^\W+/, '')))).toContain('added');
      expect(await page.locator('#environment').getByText('torch').count()).toBeGreaterThan(0);
    });
  });

  describe('downloads', () => {
    it('have the very bytes that are stored, and cannot be run', async () => {
      for (const event of eventsWithEntry(database)) {
        const response = await fetch(`${web.url}/events/${event.id}/entry`);
        expect(Buffer.from(await response.arrayBuffer())).toEqual(event.entry);
        expect(response.headers.get('content-type')).toBe('application/octet-stream');
        expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${event.id}.entry"`);
        expect(response.headers.get('content-security-policy')).toContain('sandbox');
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      }
    });

    it('of proof, checkpoint, bundle, key and evidence are there', async () => {
      const [event] = eventsWithEntry(database);
      const read = async (path: string) => (await fetch(`${web.url}${path}`)).text();
      const note = await read(`/events/${event?.id}/checkpoint`);
      expect(await read(`/events/${event?.id}/proof`)).toBe(
        `c2sp.org/tlog-proof@v1\nindex ${event?.logIndex}\n${proofLines(event)}\n\n${note}`,
      );
      expect(await read('/logs/1/key')).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
      const stored = database.sqlite
        .prepare("SELECT log_id, id, evidence FROM log_faults WHERE severity = 'misbehaviour'")
        .get() as { log_id: number; id: number; evidence: string };
      expect(await read(`/logs/${stored.log_id}/faults/${stored.id}`)).toBe(stored.evidence);
      const bundle = database.sqlite
        .prepare('SELECT event_id, id, sha256 FROM bundles WHERE event_id IS NOT NULL')
        .get() as { event_id: string; id: string; sha256: string };
      const bytes = Buffer.from(
        await (await fetch(`${web.url}/events/${bundle.event_id}/bundle?id=${bundle.id}`)).arrayBuffer(),
      );
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(bundle.sha256);
    });

    it('that do not exist are 404, however they are asked for', async () => {
      for (const path of [
        '/events/evt_none/entry',
        '/events/..%2f..%2fetc%2fpasswd/entry',
        '/logs/1/faults/99',
        '/logs/x/key',
        '/logs/1/checkpoints/-1',
      ]) {
        expect((await fetch(`${web.url}${path}`)).status, path).toBe(404);
      }
    });
  });

  it('follows the database while it is looked at, until it is held still', async () => {
    const page = await openPage();
    await goto(page, '/events');
    const mint = (id: string) => mintEvent(database, null, { id, san: `${id}@models.example`, signedAt: Date.now() });
    mint('evt_live');
    await page.getByText('evt_live@models.example').waitFor();
    await page.getByRole('button', { name: 'Live: hold' }).click();
    await page.getByRole('button', { name: 'Held: follow' }).waitFor();
    mint('evt_held');
    await page.getByRole('button', { name: 'Held: follow' }).click();
    await page.getByText('evt_held@models.example').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(!executable)('the pages of an empty database', () => {
  const folder = temporaryFolder();

  afterAll(() => folder.remove());

  it('say what is missing and what to do, and one that is not there says how to make it', async () => {
    const path = join(folder.path, 'empty.db');
    const web = await startWeb(path);
    const browser = await launchChromium(executable ?? '');
    try {
      const page = await (await browser.newContext()).newPage();
      for (const place of ['/', '/models', '/datasets', '/identities', '/events', '/undecided', '/logs', '/sources']) {
        await page.goto(`${web.url}${place}`);
        expect(await page.getByText('There is no database yet').isVisible(), place).toBe(true);
      }
      expect((await fetch(`${web.url}/healthz`)).status).toBe(503);
      createDatabase(path).close();
      for (const [place, text] of EMPTY_WORDS) {
        await page.goto(`${web.url}${place}`);
        expect(await page.getByText(text).first().isVisible(), place).toBe(true);
        expect(
          (await findViolations(page)).map(({ id }) => id),
          place,
        ).toEqual([]);
      }
      const health = await fetch(`${web.url}/healthz?full=1`);
      expect(health.status).toBe(503);
      expect(await health.json()).toMatchObject({ status: 'failing', jobs: 'not running' });
    } finally {
      await browser.close();
      await web.stop();
    }
  });
});

const EMPTY_WORDS = [
  ['/', 'The jobs are not running: no log is being read.'],
  ['/models', 'No model has been seen yet'],
  ['/datasets', 'No data set is known yet'],
  ['/identities', 'No identity has been seen yet'],
  ['/events', 'No event has been seen yet'],
  ['/logs', 'No log is followed yet'],
  ['/undecided', 'Every entry so far could be read'],
  ['/certificates', 'No certificate of a watched identity has been seen'],
  ['/sources', 'No file has been seen yet'],
  ['/deployments', 'Nothing is registered as running yet'],
] as const;

/** Every kind of page, with the strangest things that they can show. */
function pagesOf({ sqlite }: OpenDatabase): string[] {
  const events = [
    "id IN (SELECT event_id FROM event_certificates WHERE state = 'missing')",
    "authenticity = 'impersonation'",
    'undecided IS NOT NULL AND kind IS NULL',
    'undecided IS NOT NULL AND kind IS NOT NULL',
    "claim = 'model'",
    "claim = 'other'",
    "san LIKE '<script%' AND claim = 'unclaimed'",
    'length(san) > 3000',
    'public_key_sha256 IS NOT NULL',
    "id IN (SELECT event_id FROM event_certificates WHERE state = 'in-ct')",
  ].map((condition) => sqlite.prepare(`SELECT id FROM events WHERE ${condition}`).pluck().get());
  const models = sqlite
    .prepare("SELECT slug FROM models WHERE slug LIKE 'hostile%' OR slug = 'northwind-base'")
    .pluck()
    .all();
  const versions = sqlite
    .prepare(
      "SELECT v.id FROM versions v JOIN models m ON m.id = v.model_id WHERE m.name = 'northwind-assistant' AND v.label IN ('4.0.0', '4.3.0')",
    )
    .pluck()
    .all();
  const artifacts = sqlite
    .prepare(
      `SELECT scheme, value FROM artifact_aliases WHERE artifact_id IN
         (SELECT id FROM artifacts WHERE name IN ('corpus-4-1', 'open/web-pages') OR name LIKE '<script%')`,
    )
    .all() as { scheme: string; value: string }[];
  const certificates = [
    "state = 'used'",
    "state = 'unused' AND look_ups > 0",
    "state = 'not-covered' AND reason LIKE '%<script%'",
    'undecided IS NOT NULL AND issued_at = first_seen_at',
    'undecided IS NOT NULL AND issued_at <> first_seen_at',
    'length(san) > 3000',
    'id IN (SELECT certificate_id FROM certificate_matches GROUP BY 1 HAVING count(*) > 2)',
  ].map((condition) => sqlite.prepare(`SELECT id FROM issued_certificates WHERE ${condition}`).pluck().get());
  return [
    '/',
    '/models',
    '/models?q=script&state=proved',
    '/models?weakest=conflict&findings=true&signer=models',
    '/models/northwind-assistant',
    `/models/northwind-assistant?version=${versions[1]}`,
    `/models/northwind-assistant/diff?from=${versions[0]}&to=${versions[1]}`,
    '/models/tide-gauge',
    '/models/tide-gauge/diff',
    '/datasets',
    '/datasets?q=nothing-like-this',
    ...artifacts.map(({ scheme, value }) => `/artifacts/${scheme}/${encodeURIComponent(value)}`),
    '/identities',
    '/identities?q=models.example&unclaimed=true',
    '/identity?san=release-bot%40models.example&issuer=https%3A%2F%2Faccounts.models.example',
    ...models.map((slug) => `/models/${slug}`),
    '/events',
    '/events?q=models.example&claim=unclaimed&own=true&from=2020-01-01&to=2099-01-01',
    '/events?q=nothing-like-this',
    ...events.map((id) => `/events/${id}`),
    '/logs',
    '/logs/1',
    '/logs/2',
    '/logs/3',
    '/logs/4',
    // A tree of which only heads are proved, a search in hundreds of ranges, witnesses, a hostile name.
    '/logs/7',
    '/logs/10',
    '/logs/11',
    '/logs/12',
    '/undecided',
    '/undecided?watched=true&kind=none',
    '/undecided?kind=%3Dnothing+like+this',
    '/certificates',
    '/certificates?state=unused&own=true',
    '/certificates?state=undecided',
    '/certificates?state=not-covered',
    `/certificates?rule=${encodeURIComponent(HOSTILE.script)}`,
    '/certificates?identity=nobody',
    ...certificates.map((id) => `/certificates/${id}`),
    '/sources',
    '/deployments',
    '/deployments?q=nobody',
  ];
}

/** Of the things with odd contents, and of lists with filters, a few: what axe looks at does not depend on the rest. */
function onePerKind(paths: readonly string[]): string[] {
  const details = (folder: string) => paths.filter((path) => path.startsWith(folder)).slice(0, 6);
  const filtered = (list: string) => paths.filter((path) => path.startsWith(`${list}?`)).slice(0, 2);
  const lists = paths.filter(
    (path) =>
      !/^\/(?:models|events|certificates)\//.test(path) &&
      (!path.includes('?') || filtered(path.slice(0, path.indexOf('?'))).includes(path)),
  );
  return [...lists, ...details('/models/'), ...details('/events/'), ...details('/certificates/')];
}

async function claimsOn(page: Page): Promise<string[]> {
  const marks = await page.locator('td[data-label="State"] > span > span:last-child').allInnerTexts();
  expect(marks.length).toBeGreaterThan(0);
  return marks.map((text) => text.trim());
}

/** Presses Tab until the focus stands on what `selector` names. */
async function tabInto(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Puts the focus on a box of the chain, which must take it as Tab would give it. */
async function focusOn(page: Page, selector: string): Promise<void> {
  const box = page.locator(selector).first();
  await box.focus();
  expect(await box.evaluate((element) => element === document.activeElement && element.tabIndex >= 0)).toBe(true);
}

async function expectReadout(page: Page, pattern: RegExp): Promise<void> {
  await page.locator('[data-readout]').getByText(pattern).first().waitFor();
}

function eventsWithEntry({ sqlite }: OpenDatabase): { id: string; entry: Buffer; logIndex: number; proof: Buffer }[] {
  const select =
    'SELECT id, entry, log_index AS logIndex, inclusion_proof AS proof FROM events WHERE entry IS NOT NULL';
  const strange = sqlite.prepare(`${select} AND undecided IS NOT NULL`).all();
  return [...strange, ...sqlite.prepare(`${select} LIMIT 3`).all()] as ReturnType<typeof eventsWithEntry>;
}

function proofLines(event: { proof: Buffer } | undefined): string {
  const proof = event?.proof ?? Buffer.alloc(0);
  return Array.from({ length: proof.length / 32 }, (_, i) =>
    proof.subarray(i * 32, i * 32 + 32).toString('base64'),
  ).join('\n');
}
