import { randomBytes } from 'node:crypto';
import { writeTest } from '#lib/notify/write-notice.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { putMessage } from './put.ts';

/** There is no channel of this name in the configuration in force. */
export class UnknownChannelError extends Error {
  override readonly name = 'UnknownChannelError';
}

/**
 * Puts a test of a channel into the outbox: the jobs send it as they send everything else, and its outcome is shown.
 *
 * @returns the message's id.
 * @throws {UnknownChannelError}
 */
export function sendTest(ctx: ServiceContext, channel: string, actor: Actor): string {
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const { channels } = alertSettings(tx);
      if (!channels.some(({ name }) => name === channel)) {
        const names = channels.map(({ name }) => name).join(', ') || 'none';
        throw new UnknownChannelError(`There is no channel ${channel}. There are: ${names}.`);
      }
      const id = putMessage(tx, {
        channel,
        routes: [],
        notice: writeTest(channel, now),
        alertIds: [],
        occasion: [now, randomBytes(16).toString('hex')],
        now,
      });
      if (id === null) throw new Error('The test is in the outbox already.');
      appendAudit(tx, {
        chain: 'alerts',
        actor,
        action: 'channel.tested',
        target: channel,
        detail: { message: id },
        at: now,
      });
      return id;
    },
    { behavior: 'immediate' },
  );
}
