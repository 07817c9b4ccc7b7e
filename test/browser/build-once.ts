import { buildWeb } from '#jobs/build-web.ts';
import { findChromium } from '#test/support/browser.ts';

/** Builds the pages before any browser test starts: tests side by side would build them into one folder at once. */
export async function setup(): Promise<void> {
  if (findChromium() !== null) await buildWeb();
}
