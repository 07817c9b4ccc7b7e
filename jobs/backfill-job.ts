import type { LogsConfig } from '#lib/config/logs-schema.ts';
import { planBackfills } from '#lib/services/backfill/plan.ts';
import { runBackfills } from '#lib/services/backfill/run-backfills.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { leaseHolder } from '#lib/services/job/lease.ts';
import type { FollowOptions } from '#lib/services/log/follow.ts';
import { findLog, UnknownLogError } from '#lib/services/log/position.ts';
import type { Job } from './scheduler.ts';

export const BACKFILL_EVERY = 10_000;

/** A log that is read, and how. */
export interface ReadLog extends Pick<FollowOptions, 'reader' | 'picker' | 'sink' | 'pool' | 'parallel'> {
  readonly origin: string;
  /** Whether its past is read without being asked for. */
  readonly history: boolean;
}

/** The job that searches back in one log, behind its tail: what was asked for, and its past where that is wanted. */
export function backfillJob(ctx: ServiceContext, settings: LogsConfig, mirrors: string, log: ReadLog): Job {
  return {
    name: `search back ${log.origin}`,
    every: BACKFILL_EVERY,
    async run(signal) {
      await searchBack(ctx, settings, mirrors, log, signal);
      return undefined;
    },
  };
}

/** One look at what is to be searched of a log's past, and the work on it. */
export async function searchBack(
  ctx: ServiceContext,
  { backFillRate: rate }: LogsConfig,
  mirrors: string,
  log: ReadLog,
  signal: AbortSignal,
): Promise<void> {
  const id = logIdOf(ctx, log.origin);
  if (id === null) return;
  await planBackfills(ctx, id, log);
  const read = await runBackfills(ctx, id, { ...log, rate, mirrors, holder: leaseHolder(), signal });
  if (read > 0) ctx.log.info({ origin: log.origin, entries: read }, 'searched back');
}

function logIdOf({ database }: ServiceContext, origin: string): number | null {
  try {
    return findLog(database.db, origin).id;
  } catch (error) {
    if (error instanceof UnknownLogError) return null;
    throw error;
  }
}
