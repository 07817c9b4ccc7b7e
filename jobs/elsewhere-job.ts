import type { ServiceContext } from '#lib/services/context.ts';
import { lookElsewhere, type Vantage } from '#lib/services/log/look-elsewhere.ts';
import { findLog } from '#lib/services/log/position.ts';
import type { Job } from './scheduler.ts';

/** Witnesses cosign anew every few minutes; a split view that lasts is found within one of these. */
const EVERY = 300_000;

/** The job that takes up what a log shows in other places. */
export function elsewhereJob(ctx: ServiceContext, origin: string, vantages: readonly Vantage[]): Job {
  return {
    name: `compare views ${origin}`,
    every: EVERY,
    async run(signal) {
      const { problems } = await lookElsewhere(ctx, findLog(ctx.database.db, origin).id, vantages, signal);
      if (problems.length > 0) throw new Error(problems.join(' '));
      return undefined;
    },
  };
}
