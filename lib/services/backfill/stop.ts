import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { backfills } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { BackfillRefusedError } from './backfill-refused.ts';

const inputSchema = z.object({ logId: z.int().positive(), id: z.int().positive() });

/** No such back-fill of this log. */
export class UnknownBackfillError extends Error {
  override readonly name = 'UnknownBackfillError';
}

/**
 * Ends an open back-fill: no further range of it is taken. What it has read stays covered, the range under way is still
 * stored. It is opened again only by somebody who asks for it.
 *
 * @throws {UnknownBackfillError | BackfillRefusedError} the latter where it is done or stopped already.
 */
export function stopBackfill(ctx: ServiceContext, input: z.input<typeof inputSchema>): void {
  const { logId, id } = inputSchema.parse(input);
  ctx.database.db.transaction(
    (tx) => {
      const isIt = and(eq(backfills.id, id), eq(backfills.logId, logId));
      const row = tx.select({ state: backfills.state }).from(backfills).where(isIt).get();
      if (!row) throw new UnknownBackfillError(`This log has no back-fill ${id}.`);
      if (row.state !== 'open') {
        throw new BackfillRefusedError(
          row.state === 'done'
            ? `The back-fill ${id} is done: there is nothing to stop.`
            : `The back-fill ${id} is stopped already.`,
        );
      }
      tx.update(backfills).set({ state: 'stopped', finishedAt: ctx.now() }).where(isIt).run();
    },
    { behavior: 'immediate' },
  );
  ctx.log.info({ logId, backfill: id }, 'a back-fill was stopped');
}
