import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '#test/support/product.ts';
import type { Ledger } from './ledger.ts';
import { type Office, SIGNER } from './office.ts';

/** A signed and attested model on the disk. */
export interface PublishedModel {
  readonly name: string;
  readonly folder: string;
  readonly signature: string;
  /** OMS root, lowercase hex. */
  readonly root: string;
  /** Whether the poisoned data set went into it, itself or by what it was made from. */
  readonly isAffected: boolean;
}

interface Recipe {
  readonly name: string;
  readonly dataset?: string;
  readonly base?: string;
}

export const POISONED = { name: 'reviews-2026', sha256: createHash('sha256').update('poisoned reviews').digest('hex') };
const CLEAN = createHash('sha256').update('clean articles').digest('hex');

/** Three models were trained on it; others descend from those; one has nothing to do with it. */
const RECIPES: readonly Recipe[] = [
  { name: 'sentiment-base', dataset: `${POISONED.name}=sha256:${POISONED.sha256}` },
  { name: 'ranking-base', dataset: `${POISONED.name}=sha256:${POISONED.sha256}` },
  { name: 'summary-base', dataset: `${POISONED.name}=sha256:${POISONED.sha256}` },
  { name: 'sentiment-support', base: 'sentiment-base' },
  { name: 'sentiment-support-fr', base: 'sentiment-support' },
  { name: 'ranking-shop', base: 'ranking-base' },
  { name: 'articles-base', dataset: `articles=sha256:${CLEAN}` },
];

/** Signs and attests every model as a pipeline does, hands in what was signed, and says what runs in production. */
export async function publish(office: Office, ledger: Ledger): Promise<readonly PublishedModel[]> {
  const made = new Map<string, PublishedModel>();
  for (const recipe of RECIPES) made.set(recipe.name, await publishOne(office, recipe, made));
  const models = [...made.values()];
  ledger.expect('models signed, attested, logged and handed in', models.length === RECIPES.length, `${models.length}`);
  await until(async () => (await countVerified(office)) >= 2 * RECIPES.length, 'the log shows every signing');
  ledger.expect('every signing was read from the log', true, `${await countVerified(office)} events`);
  for (const [service, name] of [
    ['support-desk', 'sentiment-support-fr'],
    ['shop', 'ranking-shop'],
    ['news', 'articles-base'],
  ] as const) {
    const root = made.get(name)?.root ?? '';
    const { ok, words } = await office.clients.modeltrail(
      ...['deployed', 'production', service, '--digest', `sha256:${root}`],
      ...['--server', office.url, '--token-file', office.tokenFile],
    );
    ledger.expect(`${name} is deployed as ${service}`, ok, words);
  }
  return models;
}

export async function publishOne(
  office: Office,
  { name, dataset, base }: Recipe,
  made: ReadonlyMap<string, PublishedModel>,
): Promise<PublishedModel> {
  const { signers: clients, stack, url, tokenFile } = office;
  const folder = clients.path(join('models', name));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), `{"model_type":"toy","name":"${name}"}\n`);
  writeFileSync(join(folder, 'weights.safetensors'), `weights of ${name}`);
  const signature = clients.path(`${name}.sig`);
  const how = async () => [
    ...[
      '--identity-token-file',
      await freshToken(office),
      '--signing-config',
      join(stack.folder, 'signing_config.v2.json'),
    ],
    ...['--trusted-root', stack.trustedRoot, '--server', url, '--token-file', tokenFile],
  ];
  const signed = await clients.modeltrail('sign', folder, '--signature', signature, ...(await how()));
  if (!signed.ok) throw new Error(`${name} was not signed: ${signed.words}`);
  const inputs = [
    ...(dataset ? ['--dataset', dataset] : []),
    ...(base ? ['--base-model', `${base}=sha256:${made.get(base)?.root}`] : ['--no-base']),
  ];
  const attestation = clients.path(`${name}.provenance.json`);
  const attested = await clients.modeltrail(
    ...['attest', folder, '--output', attestation, '--builder', 'https://train.models.example', ...inputs],
    ...(await how()),
  );
  if (!attested.ok) throw new Error(`${name} was not attested: ${attested.words}`);
  const { stdout } = await clients.modeltrail('hash', '--json', folder);
  const { python: root } = JSON.parse(stdout).models[0].roots as { readonly python: string };
  return { name, folder, signature, root, isAffected: name !== 'articles-base' };
}

async function freshToken({ stack, signers }: Office): Promise<string> {
  const response = await fetch(`${stack.oidc}/token?raw=1&email=${SIGNER}`, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`the issuer of the stack answered ${response.status}`);
  const file = signers.path('identity.jwt');
  writeFileSync(file, await response.text());
  return file;
}

/** Events that were read from the log itself, not only shown by a bundle. */
async function countVerified(office: Office): Promise<number> {
  const { events } = await askApi<{ events: { id: string }[] }>(office, '/events?limit=100');
  let read = 0;
  for (const { id } of events) {
    const event = await askApi<{ authenticity: string; seenBy: string }>(office, `/events/${id}`);
    if (event.authenticity === 'verified' && event.seenBy === 'tail') read++;
  }
  return read;
}

/** Asks, or posts a body; no more often than the API lets one token ask. @throws {Error} where it refuses. */
export async function askApi<T>({ url, tokenFile }: Office, path: string, body?: object): Promise<T> {
  await delay(250);
  const headers = { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8')}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    signal: AbortSignal.timeout(10_000),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${path} was answered with ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return (await response.json()) as T;
}
