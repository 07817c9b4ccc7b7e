// One measurement in a process of its own: told what to do by a message, answers with what it measured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Agent, request } from 'undici';
import { createDatabase } from '#db/migrate.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import { syncLogs } from '#lib/services/log/sync.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { entryBundlePath, TILE_WIDTH, tileWidth } from '#lib/tlog/tile.ts';
import { compileRules } from '#lib/watch/rule.ts';
import type { GeneratedLog } from './generate-log.ts';

export interface Measurement {
  readonly mode: 'bare' | 'tail';
  readonly folder: string;
  readonly url: string;
  readonly size: number;
  readonly parallel: number;
}

export interface Measured {
  readonly seconds: number;
  readonly bytes: number;
  readonly peakMemoryMB: number;
  readonly events: number;
}

process.once('message', async (measurement: Measurement) => {
  const measured = await (measurement.mode === 'bare' ? downloadBare(measurement) : tail(measurement));
  process.send?.({ ...measured, peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024) } satisfies Measured);
});

type Unmeasured = Omit<Measured, 'peakMemoryMB'>;

/** Every entry bundle, `parallel` at a time, read to the end and dropped. */
async function downloadBare({ url, size, parallel }: Measurement): Promise<Unmeasured> {
  const dispatcher = new Agent({ connections: parallel });
  const began = performance.now();
  let bytes = 0;
  let next = 0;
  const bundles = Math.ceil(size / TILE_WIDTH);
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let bundle = next++; bundle < bundles; bundle = next++) {
        const path = entryBundlePath(bundle, tileWidth(0, bundle, size));
        const { body } = await request(`${url}/api/v2/${path}`, { dispatcher });
        for await (const piece of body) bytes += (piece as Buffer).length;
      }
    }),
  );
  return { seconds: (performance.now() - began) / 1000, bytes, events: 0 };
}

/** The product's own round on the log, with a database on disk, a rule that meets one entry in two thousand, and a real trust root. */
async function tail({ folder, url, size, parallel }: Measurement): Promise<Unmeasured> {
  const log = JSON.parse(readFileSync(join(folder, 'log.json'), 'utf8')) as GeneratedLog;
  const root = parseTrustedRoot(readFileSync(new URL('../fixtures/story/trusted_root.json', import.meta.url)));
  const database = createDatabase(join(folder, `bench-${process.pid}.db`));
  const ctx = { database, now: Date.now, log: pino({ level: 'warn' }) };
  const publicKey = Buffer.from(log.publicKey, 'base64');
  const { origin, logId } = log;
  syncLogs(ctx, [{ origin, readUrl: url, logId, keyDetails: 'PKIX_ED25519', publicKey, source: 'configuration' }]);
  const http = new HttpReader({ userAgent: 'Modeltrail benchmark', connections: parallel });
  const rules = [
    { name: 'watched', own: true, identity: { exact: log.watched } },
    { name: 'workflows', own: true, identity: { glob: 'https://github.com/bench-example/**' } },
    { name: 'pattern', own: false, identity: { pattern: 'https://gitlab\\.com/bench-example/.+' } },
  ];
  const pool = new BundlePool();
  await pool.start();
  const began = performance.now();
  const result = await followLog(ctx, 1, {
    ...rekorTail(ctx, {
      reader: tileLogReader({
        origin,
        verifiers: [ed25519Verifier(origin, publicKey.subarray(-32))],
        source: rekorTileSource(http, url),
      }),
      format: REKOR_V2,
      rules,
      matcher: compileRules(rules),
      policies: NO_POLICIES,
      judge: (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt }),
    }),
    pool,
    start: 0,
    parallel,
  });
  const seconds = (performance.now() - began) / 1000;
  if (result.outcome !== 'grown' || result.entries !== size) {
    throw new Error(
      `the tail gave ${JSON.stringify(result)}: ${JSON.stringify(database.sqlite.prepare('SELECT * FROM log_faults').all())}`,
    );
  }
  const events = database.sqlite.prepare('SELECT count(*) AS n FROM events').get() as { n: number };
  await http.close();
  await pool.close();
  database.close();
  return { seconds, bytes: 0, events: events.n };
}
