import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { formatUtc } from '#lib/provenance/format.ts';
import { until } from '#test/support/product.ts';
import type { Ledger } from './ledger.ts';
import type { Office } from './office.ts';
import { askApi, POISONED, type PublishedModel, publishOne } from './publish.ts';

interface Investigation {
  readonly office: Office;
  readonly ledger: Ledger;
  readonly models: readonly PublishedModel[];
  readonly page: Page;
  /** Where pictures go; none are taken where it is not said. */
  readonly shots: string | undefined;
}

const WORDING =
  'The reviews-2026 data set was poisoned. Do not use this version; ask security@models.example for a new one.';

/** A responder hears that the data set was poisoned. Returns the path of the evidence archive. */
export async function investigate(investigation: Investigation): Promise<string> {
  const { office, ledger, models, page } = investigation;
  const affected = models.filter(({ isAffected }) => isAffected);
  const shoot = async (name: string) => {
    if (investigation.shots) await page.screenshot({ path: join(investigation.shots, `${name}.png`) });
  };

  await page.goto(`${office.url}/datasets`);
  await page.getByRole('link', { name: POISONED.name }).first().click();
  await page.waitForURL(/artifacts/);
  await shoot('1-data-set');
  await page
    .getByRole('link', { name: /investigate/i })
    .first()
    .click();
  await page.waitForURL(/incidents\/new/);
  const preview = page.locator('#preview');
  for (const { name } of affected) await preview.locator('tbody tr', { hasText: name }).first().waitFor();
  ledger.expect(
    'the preview lists every model that the data went into',
    true,
    affected.map(({ name }) => name).join(', '),
  );
  const others = await preview.locator('tbody tr', { hasText: 'articles-base' }).count();
  ledger.expect('and none that it did not go into', others === 0);
  await shoot('2-preview');

  await page.getByLabel('Title').fill(`Data set ${POISONED.name} was poisoned`);
  await page.getByLabel('Severity').selectOption('critical');
  await page.getByRole('button', { name: 'Open the incident' }).click();
  await page.waitForURL(/\/incidents\/inc_/);
  ledger.expect('the data set is declared poisoned', true, formatUtc(office.now()));
  const id = /inc_[0-9a-f]+/.exec(page.url())?.[0] ?? '';
  await shoot('3-incident');
  const listed = await affectedOf(office, id);
  ledger.expect(
    'the incident holds the same, what is deployed first',
    listed.length === affected.length && listed.slice(0, 2).every(({ deployments }) => deployments.length > 0),
    listed.map(({ artifact, tier }) => `${artifact?.name} (${tier})`).join(', '),
  );
  const told = (word: string) => office.messages.some((message) => message.includes(word));
  await until(() => told('incident-opened') && told('refused-deployment'), 'the duty webhook heard of it');
  ledger.expect(
    'the webhook heard of the incident and of what is deployed',
    true,
    `${office.messages.length} messages`,
  );
  ledger.expect(
    'and of no deployment that has nothing to do with it',
    !office.messages.some((m) => /refused-deployment.*production.*news/.test(m)),
  );

  await narrow(investigation);

  await page.getByLabel(/Plain text for everybody/).fill(WORDING);
  await page.getByRole('button', { name: 'Say so in public' }).click();
  await page.locator('#notice').getByText(WORDING).first().waitFor();
  await refuses(investigation);

  const late = await publishOne(
    office,
    { name: 'sentiment-late', base: 'sentiment-base' },
    new Map(models.map((m) => [m.name, m])),
  );
  let joined: AffectedItem | undefined;
  await until(async () => {
    joined = (await affectedOf(office, id)).find(({ artifact }) => artifact?.name === late.name);
    return joined !== undefined;
  }, 'a late model joins');
  await until(() => told('incident-joined'), 'the webhook heard that it joined');
  ledger.expect(
    'a model that was made of an affected one joined by itself, and the webhook heard of it',
    joined?.joined === true && Math.abs(office.now() - joined.addedAt) < 10 * 60_000,
    `${late.name}, on ${formatUtc(joined?.addedAt ?? 0)}, though by its log it was signed on ${formatUtc(Date.now())}`,
  );

  const alarms = ['log-silence', 'stale-trust-root', 'failing-jobs', 'failing-source'].filter(told);
  ledger.expect('and of nothing that only the month could have brought about', alarms.length === 0, alarms.join(', '));

  await showToConsumers(investigation, shoot);
  await page.goto(`${office.url}/incidents/${id}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(`a[href="/incidents/${id}/archive"]`).first().click(),
  ]);
  const archive = office.clients.path('evidence.zip');
  await download.saveAs(archive);
  ledger.expect('the evidence archive was downloaded', true, download.suggestedFilename());
  return archive;
}

interface AffectedItem {
  readonly artifact: { readonly name: string | null } | null;
  readonly tier: string;
  readonly joined: boolean;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
  readonly deployments: readonly unknown[];
}

async function affectedOf(office: Office, id: string): Promise<readonly AffectedItem[]> {
  const { artifacts } = await askApi<{ artifacts: AffectedItem[] }>(office, `/incidents/${id}/artifacts?limit=100`);
  return artifacts;
}

/** A window is about when something was signed, which the log proves; nothing of it is about when we were told. */
async function narrow({ office, ledger, models }: Investigation): Promise<void> {
  const DAY = 86_400_000;
  const within = async (from: number | null, to: number | null) => {
    const dataset = { is: { kind: 'dataset', alias: POISONED.name } };
    const scope = { all: [dataset, { is: { kind: 'window', from, to } }] };
    return (await askApi<{ counts: { total: number } }>(office, '/incidents/preview', { scope })).counts.total;
  };
  const now = office.now();
  const affected = models.filter(({ isAffected }) => isAffected).length;
  const [since, before] = [await within(now - 7 * DAY, null), await within(null, now - 7 * DAY)];
  ledger.expect(
    'a window of the last week reaches nothing of it, one that ends a week ago all of it',
    since === 0 && before === affected,
    `${since} and ${before}`,
  );
}

/** Whoever verifies the files is told, with the responder's words; who verifies others is not. */
async function refuses({ office, ledger, models }: Investigation): Promise<void> {
  const verify = ({ folder }: PublishedModel) =>
    office.clients.modeltrail(...['verify', folder, '--server', office.url, '--token-file', office.tokenFile]);
  for (const model of models) {
    const { code, stdout, words } = await verify(model);
    if (model.isAffected) {
      ledger.expect(
        `verify refuses ${model.name}`,
        code === 1 && `${stdout}${words}`.includes(WORDING),
        `exit ${code}`,
      );
    } else {
      ledger.expect(`verify accepts ${model.name}`, code === 0, `exit ${code}: ${words}`);
    }
  }
}

/** What a consumer sees, who knows no more than the address. */
async function showToConsumers(
  { office, ledger, page }: Investigation,
  shoot: (name: string) => Promise<void>,
): Promise<void> {
  const config = office.clients.path('modeltrail.yaml');
  const { ok, words } = await office.clients.modeltrail('share', 'publish', 'ranking-shop', '--config', config);
  ledger.expect('a page is published', ok, words);
  await page.goto(`${office.url}/p/ranking-shop`);
  await page.getByText(WORDING).first().waitFor();
  await shoot('4-consumer');
  const badge = await (await fetch(`${office.url}/p/ranking-shop/badge.svg`)).text();
  writeFileSync(office.clients.path('badge.svg'), badge);
  ledger.expect(
    'the public page says it in the words of the responder, and the badge does not say that all is well',
    !/>verified</i.test(badge),
  );
}
