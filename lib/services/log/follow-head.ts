import { and, eq } from 'drizzle-orm';
import { checkpoints, logs } from '#db/schema/log.ts';
import type { LogView } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { CursorMovedError } from './commit-entries.ts';
import type { LogRow } from './position.ts';

/**
 * Moves the cursors of a log to a head that was proved to continue them, without its entries: for logs whose entries are
 * found by an index. Nothing is covered by it; a log that is read from here on is covered from here on.
 *
 * @throws {LogDataError}
 */
export async function followHead(ctx: ServiceContext, row: LogRow, view: LogView, checkpointId: number): Promise<void> {
  const { size } = view;
  const range = Buffer.from((await view.rangeOf(size)).toBytes());
  ctx.database.db.transaction(
    (tx) => {
      const moved = tx
        .update(logs)
        .set({
          startIndex: size,
          downloadedSize: size,
          downloadedRange: range,
          verifiedSize: size,
          verifiedRange: range,
        })
        .where(and(eq(logs.id, row.id), eq(logs.downloadedSize, row.downloadedSize), eq(logs.state, 'following')))
        .run();
      if (moved.changes !== 1) throw new CursorMovedError(`log ${row.id} no longer stands at ${row.downloadedSize}`);
      tx.update(checkpoints)
        .set({ state: 'verified', verifiedAt: ctx.now() })
        .where(eq(checkpoints.id, checkpointId))
        .run();
    },
    { behavior: 'immediate' },
  );
  ctx.log.info({ origin: row.origin, size }, 'checkpoint proved to continue the one before');
}
