import { eq } from 'drizzle-orm';
import { messages } from '#db/schema/alert.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { alertSettings } from '#lib/services/alert/settings.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { UnknownChannelError } from './send-test.ts';

/** There is no message of this id. */
export class UnknownMessageError extends Error {
  override readonly name = 'UnknownMessageError';
}

export interface Resent {
  readonly channel: string;
  /** `again`: it is in the outbox once more. Else it was there already, or the other side took it: nothing is sent twice. */
  readonly outcome: 'again' | 'waiting' | 'taken';
}

/**
 * Puts a message that was given up into the outbox again, with its id and all its tries. Asked for twice it is sent once:
 * what waits, or was taken, stays as it is, and nothing is written down of it.
 *
 * @throws {UnknownMessageError}
 * @throws {UnknownChannelError} where the configuration in force does not have its channel any more.
 */
export function resendMessage(ctx: ServiceContext, id: string, actor: Actor): Resent {
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const row = tx.select().from(messages).where(eq(messages.id, id)).get();
      if (!row)
        throw new UnknownMessageError(`There is no message ${id.slice(0, 100)}. It may be older than it is kept.`);
      const { channel, state, problem } = row;
      if (state !== 'failed') return { channel, outcome: state === 'pending' ? 'waiting' : 'taken' };
      if (!alertSettings(tx).channels.some(({ name }) => name === channel)) {
        const mend = 'Add a channel of this name to the configuration first.';
        throw new UnknownChannelError(`The configuration has no channel ${channel} any more. ${mend}`);
      }
      tx.update(messages)
        .set({ state: 'pending', attempts: 0, nextAttemptAt: now, problem: null })
        .where(eq(messages.id, id))
        .run();
      const detail = { channel, problem };
      appendAudit(tx, { chain: 'alerts', actor, action: 'message.resent', target: id, detail, at: now });
      return { channel, outcome: 'again' };
    },
    { behavior: 'immediate' },
  );
}
