import { setImmediate as turn } from 'node:timers/promises';
import type { ServiceContext } from '#lib/services/context.ts';
import { evaluateIncident, listToEvaluate } from '#lib/services/incident/evaluate.ts';
import type { Job } from './scheduler.ts';

/** How late something can join an incident, and as long as the working out takes: docs/incidents.md tells of it. */
const EVERY = 5000;

/**
 * Works the scopes of open incidents out again where the graph changed. Apart from what takes bundles and entries in: those
 * only count that they changed something, and however much comes in at once is looked at once.
 */
export function incidentJob(ctx: ServiceContext): Job {
  return {
    name: 'work out incidents',
    every: EVERY,
    async run(signal) {
      for (const id of listToEvaluate(ctx)) {
        if (signal.aborted) return undefined;
        const { joined, left } = evaluateIncident(ctx, id);
        if (joined.length + left.length > 0) {
          ctx.log.info(
            { incident: id, joined: joined.length, left: left.length },
            'an incident reaches other artifacts',
          );
        }
        // The tails have their turn between two incidents.
        await turn();
      }
      return undefined;
    },
  };
}
