import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { formatUtc } from '#lib/provenance/format.ts';
import { until } from '#test/support/product.ts';
import type { Ledger } from './ledger.ts';
import type { Office } from './office.ts';
import { askApi, type PublishedModel } from './publish.ts';

const MONTH = 31 * 86_400_000;

/** The responder makes the first account, with the code that the console printed. */
export async function setUp({ office, ledger, page }: { office: Office; ledger: Ledger; page: Page }): Promise<void> {
  const { login, name, password } = office.responder;
  await page.goto(`${office.url}/setup`);
  await page.getByLabel('Code').fill(office.setupCode ?? '');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password, once more').fill(password);
  await page.getByRole('button', { name: 'Make the first admin' }).click();
  await page.waitForURL(`${office.url}/`);
  ledger.expect('the responder has an account, by the code of the console', true, formatUtc(office.now()));
}

/** A month passes for the product, for browsers and for whoever verifies; the stack, which proved the times, stays in today. */
export async function passMonth({
  office,
  ledger,
  models,
  page,
}: {
  readonly office: Office;
  readonly ledger: Ledger;
  readonly models: readonly PublishedModel[];
  readonly page: Page;
}): Promise<void> {
  const before = [...(await unhealthy(office)), ...(await standing(office))];
  const told = office.messages.length;
  const stopped = formatUtc(office.now());
  await office.sleep(MONTH);
  ledger.expect('a month passes', true, `stopped on ${stopped}, started again on ${formatUtc(office.now())}`);

  await page.goto(`${office.url}/datasets`);
  ledger.expect('the session of a month ago opens nothing', new URL(page.url()).pathname === '/sign-in', page.url());
  await page.getByLabel('Login').fill(office.responder.login);
  await page.getByLabel('Password', { exact: true }).fill(office.responder.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${office.url}/datasets`);
  ledger.expect('the responder signs in again, and is where they wanted to be', true);

  for (const { name, folder } of models) {
    const { code, words } = await office.clients.modeltrail(
      ...['verify', folder, '--server', office.url, '--token-file', office.tokenFile],
    );
    if (code !== 0) throw new Error(`a month on, ${name} was not accepted: exit ${code}: ${words}`);
  }
  ledger.expect(
    'every signing verifies, though its certificate ended a month ago: it was logged in time',
    true,
    `${models.length} models`,
  );

  let amiss: readonly string[] = [];
  await until(
    async () => {
      amiss = [...(await unhealthy(office)), ...(await standing(office))].filter((known) => !before.includes(known));
      return amiss.length === 0;
    },
    'nothing is amiss that was not before',
    90_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${amiss.join('; ')}`);
  });
  ledger.expect(
    'the month alone leaves nothing amiss and no alert that stands, and woke nobody',
    office.messages.length === told,
    office.messages.slice(told).join(' ').slice(0, 300),
  );
}

/** Alerts that are open. */
async function standing(office: Office): Promise<readonly string[]> {
  const { alerts } = await askApi<{ alerts: readonly { kind: string; title: string }[] }>(office, '/alerts?state=open');
  return alerts.map(({ kind, title }) => `${kind}: ${title}`);
}

/** Checks of health that are not as they should be. */
async function unhealthy(office: Office): Promise<readonly string[]> {
  const headers = { Authorization: `Bearer ${readFileSync(office.tokenFile, 'utf8')}` };
  const response = await fetch(`${office.url}/healthz?full=1`, { headers, signal: AbortSignal.timeout(5_000) });
  const { checks } = (await response.json()) as { checks: readonly { name: string; state: string; what: string }[] };
  return checks.filter(({ state }) => state !== 'ok').map(({ name, what }) => `${name}: ${what}`);
}
