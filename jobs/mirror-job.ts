import type { LogsConfig } from '#lib/config/logs-schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { findLog } from '#lib/services/log/position.ts';
import { extendMirror } from '#lib/services/mirror/extend.ts';
import type { ReadLog } from './backfill-job.ts';
import type { Job } from './scheduler.ts';

/** The job that keeps the mirror of one log at the head that its tail verified. */
export function mirrorJob(ctx: ServiceContext, settings: LogsConfig, folder: string, log: ReadLog): Job {
  return {
    name: `mirror ${log.origin}`,
    every: settings.poll,
    async run(signal) {
      await keepMirror(ctx, settings, folder, log, signal);
      return undefined;
    },
  };
}

/** Brings one mirror up to date. */
export async function keepMirror(
  ctx: ServiceContext,
  { mirrorLimit: limit }: LogsConfig,
  folder: string,
  { origin, reader, parallel }: ReadLog,
  signal: AbortSignal,
): Promise<void> {
  const { id } = findLog(ctx.database.db, origin);
  await extendMirror(ctx, id, { reader, parallel, folder, limit, signal });
}
