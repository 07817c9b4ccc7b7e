import type { OpenDatabase } from '#db/client.ts';
import { configState, jobLeases, jobRuns } from '#db/schema/job.ts';
import { parseConfig } from '#lib/config/load.ts';
import { effectiveConfig } from '#lib/services/config/effective.ts';
import { recordComposition } from '#lib/services/config/record-composition.ts';
import { recordConfigInForce } from '#lib/services/config/record-state.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { MINT_TIME } from '#test/factories.ts';

// The state of configuration and jobs as they would have noted it themselves.

/** The configuration in force, as the jobs note it. */
export function mintConfiguration(
  { db }: OpenDatabase,
  overrides: Partial<typeof configState.$inferInsert> = {},
): void {
  const inForce = {
    organisation: { name: 'Models Example', contact: 'security@models.example' },
    watch: [
      { name: 'Release bot', own: true },
      { name: 'Release workflows', own: true },
      { name: 'Upstream base models', own: false },
    ],
    sources: [{ name: 'releases', directory: './bundles' }],
    logs: { poll: 30_000, mirrorLimit: 100e9 },
  };
  db.insert(configState)
    .values({
      id: 1,
      path: 'modeltrail.yaml',
      inForce: JSON.stringify(inForce),
      inForceSince: MINT_TIME,
      trustSource: 'tuf',
      ...overrides,
    })
    .run();
}

/** A file that the jobs have put in force with what is set in the browser, as they note it. */
export function mintFileInForce(ctx: ServiceContext, yaml: string, path = '/etc/modeltrail/modeltrail.yaml'): void {
  const file = parseConfig(Buffer.from(yaml), path);
  const effective = effectiveConfig(ctx.database, file);
  recordConfigInForce(ctx, file.path, effective.config);
  recordComposition(ctx, file, effective);
}

/** Jobs that ran a moment before `at` and hold their lease a little longer. */
export function mintJobs({ db }: OpenDatabase, at: number): void {
  db.insert(jobRuns)
    .values({ name: 'tail', startedAt: at - 2000, finishedAt: at - 1500 })
    .run();
  db.insert(jobLeases)
    .values({ name: 'jobs', holder: 'test', expiresAt: at + 600_000 })
    .run();
}
