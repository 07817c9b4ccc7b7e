import '#lib/node-version.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase } from '#db/migrate.ts';
import { DatabaseVersionError } from '#db/version.ts';
import { configPath } from '#lib/config/config-path.ts';
import { ConfigError } from '#lib/config/error.ts';
import { loadConfig } from '#lib/config/load.ts';
import { createLogger } from '#lib/logger.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { dropLease, LEASE_MS, leaseHolder, takeLease } from '#lib/services/job/lease.ts';
import { JobsRuntime } from './jobs-runtime.ts';

// The jobs' process: the only writer of the database. Ends on SIGTERM or SIGINT once what runs has stopped.

const LEASE = 'jobs';

async function main(): Promise<void> {
  const path = configPath();
  // The supervisor names the database, so that jobs find the last good configuration when the file is broken.
  const databasePath = process.env.MODELTRAIL_DATABASE ?? loadConfig(path).config.database;
  const ctx: ServiceContext = {
    database: createDatabase(databasePath),
    now: Date.now,
    log: createLogger('jobs', `${databasePath.replace(/\.db$/, '')}.log`),
  };
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

  const holder = leaseHolder();
  await waitForLease(ctx, holder, stopping.signal);
  const runtime = new JobsRuntime(ctx, path);
  const renewal = setInterval(() => {
    const lost = takeLease(ctx, LEASE, holder);
    if (!lost) return;
    ctx.log.fatal({ heldBy: lost.heldBy }, 'another process took over the jobs; this one ends');
    process.exit(1);
  }, LEASE_MS / 4);
  try {
    if (!stopping.signal.aborted) await runtime.start();
    await new Promise<void>((resolve) => {
      if (stopping.signal.aborted) resolve();
      stopping.signal.addEventListener('abort', () => resolve());
    });
  } finally {
    clearInterval(renewal);
    await runtime.stop();
    dropLease(ctx, LEASE, holder);
    ctx.database.close();
  }
}

/** Two processes that write the same log would trip over each other's cursors: the second waits. */
async function waitForLease(ctx: ServiceContext, holder: string, signal: AbortSignal): Promise<void> {
  for (let told = false; !signal.aborted; told = true) {
    const held = takeLease(ctx, LEASE, holder);
    if (!held) return;
    if (!told)
      ctx.log.warn({ heldBy: held.heldBy }, 'another process runs the jobs on this database; waiting for it to end');
    await delay(1000, undefined, { signal }).catch(() => {});
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const isExpected = error instanceof ConfigError || error instanceof DatabaseVersionError;
    console.error(isExpected ? error.message : error);
    process.exit(1);
  },
);
