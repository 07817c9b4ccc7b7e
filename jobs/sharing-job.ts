import type { ServiceContext } from '#lib/services/context.ts';
import { recordChanges } from '#lib/services/sharing/record-changes.ts';
import type { Job } from './scheduler.ts';

const EVERY = 60_000;

/** Writes down for the feeds of public pages what changed about them, whatever changed it. */
export function publicChangesJob(ctx: ServiceContext): Job {
  return {
    name: 'record changes of public pages',
    every: EVERY,
    async run() {
      const count = recordChanges(ctx);
      if (count > 0) ctx.log.info({ count }, 'changes of public pages recorded');
      return undefined;
    },
  };
}
