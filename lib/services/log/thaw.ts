import { and, eq, gt, isNull } from 'drizzle-orm';
import { checkpoints, logFaults, logs } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { findLog } from './position.ts';

/** The log is not frozen: there is nothing to thaw. */
export class NotFrozenError extends Error {
  override readonly name = 'NotFrozenError';
}

/**
 * Follows a frozen log again, from where it was verified last. Its evidence and checkpoints stay; the fault is closed with
 * the reason that the operator gives.
 *
 * @throws {NotFrozenError}
 */
export function thawLog(ctx: ServiceContext, origin: string, reason: string): void {
  const { db } = ctx.database;
  db.transaction(
    (tx) => {
      const log = findLog(tx, origin);
      if (log.state !== 'frozen') throw new NotFrozenError(`${origin} is not frozen, but ${log.state}.`);
      const isOpen = and(
        eq(logFaults.logId, log.id),
        eq(logFaults.severity, 'misbehaviour'),
        isNull(logFaults.resolvedAt),
      );
      for (const fault of tx.select().from(logFaults).where(isOpen).all()) {
        const message = `${fault.message} Thawed by the operator: ${reason}`;
        tx.update(logFaults).set({ message, resolvedAt: ctx.now() }).where(eq(logFaults.id, fault.id)).run();
      }
      // What it signed beyond the verified head and never showed is evidence now, and no longer what it is held to.
      const isUnread = and(
        eq(checkpoints.logId, log.id),
        eq(checkpoints.state, 'observed'),
        gt(checkpoints.size, log.verifiedSize),
      );
      tx.update(checkpoints).set({ state: 'inconsistent' }).where(isUnread).run();
      tx.update(logs).set({ state: 'following' }).where(eq(logs.id, log.id)).run();
    },
    { behavior: 'immediate' },
  );
  ctx.log.warn({ origin, reason }, 'frozen log is followed again');
}
