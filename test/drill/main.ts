import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readStack } from '#test/soak/stack.ts';
import { findChromium, launchChromium } from '#test/support/browser.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { investigate } from './investigate.ts';
import { Ledger } from './ledger.ts';
import { passMonth, setUp } from './month.ts';
import { Office } from './office.ts';
import { publish } from './publish.ts';
import { verifyElsewhere } from './verify-elsewhere.ts';

/**
 * The drill: from "the data was poisoned" to the list, the evidence and the notice, on a Sigstore stack of one's own and in
 * a real browser. A data set goes into three models and their descendants, all signed and attested with real certificates
 * and logged; a month later somebody declares it poisoned. The month passes by the clock of the product, of the command lines
 * and of the folder where the archive is verified (clock-ahead.ts); the stack has no other time than this machine's, so that
 * all that it certified is a month old by then. Each step is checked, and the first that fails ends it. Run by hand:
 *
 *   SIGSTORE_STACK_DIR=… node test/drill/main.ts [SCREENSHOTS]
 *
 * The folder holds endpoints.json, signing_config.v2.json and trusted_root.json of a running stack. Without it, or without
 * Chromium, nothing is tried: exit 2.
 */
async function main(shots: string | undefined): Promise<number> {
  const stackFolder = process.env.SIGSTORE_STACK_DIR ?? '';
  const chromium = findChromium();
  if (!existsSync(join(stackFolder, 'endpoints.json')) || chromium === null) {
    console.error('Skipped: nothing was tried. SIGSTORE_STACK_DIR names no running stack, or there is no Chromium.');
    return 2;
  }
  const ledger = new Ledger();
  const folder = temporaryFolder();
  const stack = { ...readStack(stackFolder), folder: stackFolder };
  const office = await Office.open(folder.path, stack);
  const browser = await launchChromium(chromium);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await setUp({ office, ledger, page });
    const models = await publish(office, ledger);
    await passMonth({ office, ledger, models, page });
    const archive = await investigate({ office, ledger, models, page, shots });
    await verifyElsewhere({ office, ledger, archive });
  } catch (error) {
    ledger.fail((error as Error).message);
  } finally {
    await browser.close();
    await office.close();
    if (ledger.isGood) folder.remove();
    else console.log(`Everything of it stays in ${folder.path}.`);
  }
  return ledger.isGood ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
