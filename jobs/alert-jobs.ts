import type { AlertsConfig } from '#lib/config/alerts-schema.ts';
import { pruneAll } from '#lib/services/alert/prune-all.ts';
import { raiseAlerts, tellRaised } from '#lib/services/alert/raise-all.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { sendDue } from '#lib/services/message/send-due.ts';
import type { Job } from './scheduler.ts';

const RAISE_EVERY = 5000;
const SEND_EVERY = 2000;
const PRUNE_EVERY = 3_600_000;
/** A round may take a twentieth of the jobs' time: with very much to look at, it is made less often. */
const SHARE = 20;

/** Raises alerts, puts messages of them into the outbox, and sends them: one job a channel, so that none waits for another. Drops what is older than it is kept. */
export function alertJobs(ctx: ServiceContext, { channels, address }: AlertsConfig): Job[] {
  const base = address?.replace(/\/+$/, '') ?? null;
  return [
    {
      name: 'raise alerts',
      every: RAISE_EVERY,
      async run(signal) {
        const began = performance.now();
        await raiseAlerts(ctx, signal);
        await tellRaised(ctx, signal);
        return (performance.now() - began) * SHARE;
      },
    },
    {
      name: 'prune alerts',
      every: PRUNE_EVERY,
      async run(signal) {
        const gone = await pruneAll(ctx, signal);
        if (gone.messages + gone.dropped + gone.shortened > 0) ctx.log.info(gone, 'old alerts and messages pruned');
        return undefined;
      },
    },
    ...channels.map(
      (channel): Job => ({
        name: `send to ${channel.name}`,
        every: SEND_EVERY,
        async run(signal) {
          const sent = await sendDue(ctx, channel, { signal, address: base, environment: process.env });
          if (sent > 0) ctx.log.info({ channel: channel.name, sent }, 'messages sent');
          return undefined;
        },
      }),
    ),
  ];
}
