import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { teamsBody } from '#lib/notify/teams.ts';
import { findChromium, launchChromium } from '#test/support/browser.ts';
import { alertOf, deliveryOf, HOSTILE, hostileAlert } from '#test/unit/notify/support.ts';

const executable = findChromium();
const RENDERER = join(dirname(createRequire(import.meta.url).resolve('adaptivecards')), '../dist/adaptivecards.min.js');

/** What Microsoft's renderer makes of a card, in a page that can reach nothing. */
interface Rendered {
  readonly text: string;
  readonly tags: readonly string[];
  readonly buttons: readonly string[];
}

describe.skipIf(!executable)('a card for Teams, drawn by the renderer of Microsoft', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium(executable ?? '');
  });
  afterAll(() => browser?.close());

  async function draw(body: string): Promise<Rendered> {
    const context = await browser.newContext({ viewport: { width: 600, height: 900 } });
    try {
      await context.setOffline(true);
      const page = await context.newPage();
      await page.setContent('<main></main>');
      await page.addScriptTag({ path: RENDERER });
      return await page.evaluate((content) => {
        const { AdaptiveCard } = (window as { AdaptiveCards?: typeof import('adaptivecards') }).AdaptiveCards ?? {};
        if (!AdaptiveCard) throw new Error('there is no renderer');
        const card = new AdaptiveCard();
        card.parse(content);
        const element = card.render();
        if (!element) throw new Error('nothing was drawn');
        document.querySelector('main')?.append(element);
        return {
          text: element.innerText,
          tags: [...new Set([...element.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase()))].sort(),
          buttons: [...element.querySelectorAll('button')].map(({ innerText }) => innerText),
        };
      }, JSON.parse(body).attachments[0].content);
    } finally {
      await context.close();
    }
  }

  it('says what, who and what now, and leads to the alert', async () => {
    const { text, buttons } = await draw(teamsBody(deliveryOf([alertOf({ count: 3 })])));
    for (const part of ['High: Unclaimed signing', 'release-bot@models.example', 'Release bot', 'What now: Ask who'])
      expect(text).toContain(part);
    expect(buttons).toEqual(['Open in Modeltrail']);
  });

  it('draws no date that a stranger asks for', async () => {
    const { text } = await draw(
      teamsBody(deliveryOf([hostileAlert('v{{DATE(2026-03-12T09:14:03Z, LONG)}}{{{TIME(2026-03-12T09:14:03Z)}}')])),
    );
    expect(text).toContain('DATE(2026-03-12T09:14:03Z, LONG)');
    expect(text).toContain('TIME(2026-03-12T09:14:03Z)');
  });

  it('draws what strangers wrote as it is written, and nothing else of it', async () => {
    const plain = await draw(teamsBody(deliveryOf([hostileAlert('harmless')])));
    expect(plain.tags).not.toContain('a');
    for (const hostile of [...HOSTILE, '[x](https://evil.example)', '<at>everyone</at>', '{{DATE(2026-01-01)}}']) {
      const { text, tags, buttons } = await draw(teamsBody(deliveryOf([hostileAlert(hostile)])));
      expect(tags, hostile).toEqual(plain.tags);
      expect(buttons, hostile).toEqual(plain.buttons);
      expect(text, hostile).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    }
    const { text } = await draw(
      teamsBody(deliveryOf([hostileAlert('<at>everyone</at> **b** [x](https://evil.example)')])),
    );
    expect(text).toContain('<at>everyone</at> **b** [x](https://evil.example)');
  });
});
