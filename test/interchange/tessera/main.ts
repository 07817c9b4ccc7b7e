import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mirrorFolder, originHash } from '#lib/mirror/layout.ts';
import { MirrorStore } from '#lib/mirror/store.ts';
import { Results } from '../results.ts';
import { Clients, type Outcome } from '../run-client.ts';
import { ecdsaLog, ed25519Log, logOnDisk, type SourceLog } from './logs.ts';
import { serveMirror } from './serve-mirror.ts';

/**
 * Mirrors read by another implementation: the client of github.com/transparency-dev/tessera (main.go beside this) reads
 * checkpoint, all entries and all tiles of mirrors that the route of the web server gives out, and refuses them after a
 * change. Run by hand: node test/interchange/tessera/main.ts
 *
 * Needs go, and for a log on disk TILE_LOG and TILE_LOG_KEY (logs.ts). Without go nothing is tried: exit 2.
 */
async function main(): Promise<number> {
  const clients = new Clients(await mkdtemp(join(tmpdir(), 'interchange-')));
  const results = new Results();
  try {
    const reader = clients.path('tessera-read');
    const built = await clients.run('go', ['build', '-C', fileURLToPath(new URL('.', import.meta.url)), '-o', reader]);
    if (!built.ok) {
      console.error(`Skipped: nothing was tried, for the reader cannot be built: ${built.words}`);
      return 2;
    }
    const onDisk = logOnDisk();
    if (!onDisk) console.error('TILE_LOG and TILE_LOG_KEY name no log on disk: only minted logs are read.');
    for (const log of [...(onDisk ? [onDisk] : []), ed25519Log(), ecdsaLog()]) await readMirror(clients, results, log);
  } finally {
    await rm(clients.folder, { recursive: true });
  }
  return results.report();
}

async function readMirror(clients: Clients, results: Results, log: SourceLog): Promise<void> {
  const database = clients.path('modeltrail.db');
  const store = await MirrorStore.open(mirrorFolder(database), log.origin);
  await store.commit(await log.fill(store));
  const server = await serveMirror(database);
  const key = clients.path('key.pem');
  if ('spki' in log.key) writeFileSync(key, log.key.spki);
  const keyArgs = 'spki' in log.key ? ['-spki', key, '-name', log.key.name] : ['-vkey', log.key.vkey];
  const url = `${server.url}/${originHash(log.origin)}`;
  const read = async (): Promise<Outcome> => {
    const outcome = await clients.run(clients.path('tessera-read'), ['-url', url, '-origin', log.origin, ...keyArgs]);
    if (outcome.ok) console.log(`${log.origin}: ${outcome.stdout.trim()}`);
    return outcome;
  };
  const withFile = async (path: string): Promise<Outcome> => {
    const file = join(store.folder, path);
    const before = readFileSync(file);
    const changed = Buffer.from(before);
    const middle = Math.floor(changed.length / 2);
    changed[middle] = (changed[middle] ?? 0) ^ 1;
    writeFileSync(file, changed);
    try {
      return await read();
    } finally {
      writeFileSync(file, before);
    }
  };
  try {
    for (const path of ['tile/entries/001', 'tile/0/002', 'checkpoint']) {
      await results.pair(
        log.label,
        `tessera, ${path}`,
        (subject: string | null) => (subject ? withFile(subject) : read()),
        {
          whole: null,
          changed: path,
        },
      );
    }
  } finally {
    server.close();
  }
}

process.exitCode = await main();
