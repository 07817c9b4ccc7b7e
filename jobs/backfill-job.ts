import type { LogsConfig } from '#lib/config/logs-schema.ts';
import { planBackfills } from '#lib/services/backfill/plan.ts';
import { runBackfills } from '#lib/services/backfill/run-backfills.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { leaseHolder } from '#lib/services/job/lease.ts';
import type { FollowOptions } from '#lib/services/log/follow.ts';
import { findLog, UnknownLogError } from '#lib/services/log/position.ts';
import type { Job } from './scheduler.ts';

const EVERY = 10_000;

/** A log that is read, and how. */
export interface ReadLog extends Pick<FollowOptions, 'reader' | 'picker' | 'sink' | 'pool' | 'parallel'> {
  readonly origin: string;
  /** Whether its past is read without being asked for. */
  readonly history: boolean;
}

/** The job that searches back in one log, behind its tail: what was asked for, and its past where that is wanted. */
export function backfillJob(ctx: ServiceContext, settings: LogsConfig, mirrors: string, log: ReadLog): Job {
  const holder = leaseHolder();
  return {
    name: `search back ${log.origin}`,
    every: EVERY,
    async run(signal) {
      const id = logIdOf(ctx, log.origin);
      if (id === null) return undefined;
      await planBackfills(ctx, id, log);
      const read = await runBackfills(ctx, id, { ...log, rate: settings.backFillRate, mirrors, holder, signal });
      if (read > 0) ctx.log.info({ origin: log.origin, entries: read }, 'searched back');
      return undefined;
    },
  };
}

function logIdOf({ database }: ServiceContext, origin: string): number | null {
  try {
    return findLog(database.db, origin).id;
  } catch (error) {
    if (error instanceof UnknownLogError) return null;
    throw error;
  }
}
