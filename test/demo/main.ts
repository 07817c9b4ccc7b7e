import '#lib/node-version.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stableId } from '#lib/ids.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { StoryLogServer } from '#test/support/story-log.ts';
import { Narrator } from './narrator.ts';
import { publishBundles, writeDemoConfig } from './stage.ts';

// npm run demo: serves the recorded story's logs on loopback, growing checkpoint by checkpoint, and runs the product on
// them as `npm start` does. Everything lies in a temporary folder, which Ctrl-C takes away again.

const GROW_EVERY = Number(process.env.MODELTRAIL_DEMO_STEP_MS ?? 3000);
const WATCHED = 'northwind-assistant';
const PORT = Number(process.env.MODELTRAIL_DEMO_PORT ?? 3000);

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'modeltrail-demo-'));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  const story = await StoryLogServer.open();
  const port = await freePort(PORT);
  const configPath = writeDemoConfig(folder, story, port);
  publishBundles(folder, story);
  const product = fork(fileURLToPath(new URL('../../jobs/start.ts', import.meta.url)), {
    env: {
      ...process.env,
      MODELTRAIL_CONFIG: configPath,
      MODELTRAIL_LOG_LEVEL: process.env.MODELTRAIL_LOG_LEVEL ?? 'error',
    },
    // A group of its own: Ctrl-C reaches the demo alone, which then ends everything in order.
    detached: true,
  });
  const ended = once(product, 'exit').then(() => stopping.abort());
  try {
    const url = `http://127.0.0.1:${port}`;
    await waitForPages(url, stopping.signal);
    greet(url, story);
    await growStory(folder, story, stopping.signal);
    await once(stopping.signal, 'abort');
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    product.kill('SIGTERM');
    await ended;
    await story.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function greet(url: string, story: StoryLogServer): void {
  const entries = story.facts.logs.map(({ origin, size }) => `${origin} (${size} entries)`).join(' and ');
  console.log(`
Modeltrail watches the recorded logs ${entries}, as Deploy Example's security team.
They grow by a checkpoint every ${GROW_EVERY / 1000} s; watch them arrive, be proved, and turn into provenance:

  Overview   ${url}/
  Verify     ${url}/verify
  Logs       ${url}/logs
  Models     ${url}/models
  Data sets  ${url}/datasets
  Events     ${url}/events

${WATCHED} 2.0.0 is the one to watch: a part of it is unsigned, so its chain is broken until, near the end, the part is
signed late. It has a page once its first version has arrived: ${url}/models/${slugOf(WATCHED, stableId('model', WATCHED))}

On Verify, drop the folder test/fixtures/story/models/northwind-assistant/2.1.0 once it has arrived: only its hashes are
sent, and the answer says whose files they are. Change a byte of a copy, and that file is named.

Ctrl-C ends everything and leaves nothing behind.
`);
}

async function growStory(folder: string, story: StoryLogServer, signal: AbortSignal): Promise<void> {
  const narrator = new Narrator(story);
  do {
    await delay(GROW_EVERY, undefined, { signal });
    publishBundles(folder, story);
    for (const { title } of narrator.begun()) console.log(`  ${title}.`);
  } while (story.grow());
  publishBundles(folder, story);
  console.log('The logs have reached their recorded end; all of it is verified within a few seconds.');
}

async function waitForPages(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(`${url}/healthz`, { signal }).catch(() => null);
    // Unwell is no matter here: the logs of the demo stop where they were recorded.
    if (response?.headers.get('content-type')?.startsWith('application/json')) return;
    await delay(250, undefined, { signal });
  }
  signal.throwIfAborted();
}

/** The wanted port, or any that is free: the demo must not fail because something else is running. */
async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const isFree = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!isFree) continue;
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address !== null && typeof address === 'object') return address.port;
  }
  throw new Error('no port is free on 127.0.0.1');
}

await main();
