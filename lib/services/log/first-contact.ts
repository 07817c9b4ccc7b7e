import { eq } from 'drizzle-orm';
import { logs } from '#db/schema/log.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { EntryPicker, LogReader } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { beginSearches } from '#lib/services/rule/begin-searches.ts';
import { type LogRow, readLog } from './position.ts';

/** Places the cursors of a log that was never followed, by the compact range that its own tree proves. */
export async function takeUpLog(
  ctx: ServiceContext,
  row: LogRow,
  checkpoint: SignedCheckpoint,
  options: {
    readonly reader: LogReader;
    readonly picker: Pick<EntryPicker, 'rules'>;
    readonly start: 'end' | number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<LogRow> {
  const start = options.start === 'end' ? checkpoint.size : options.start;
  if (start > checkpoint.size) {
    throw new LogDataError(
      'smaller-tree',
      `logs.start is ${start}, but ${row.origin} has only ${checkpoint.size} entries. It is followed once it has grown so far; or lower logs.start.`,
    );
  }
  const view = await options.reader.open(checkpoint, options.signal);
  const range = Buffer.from((await view.rangeOf(start)).toBytes());
  const cursors = { downloadedSize: start, downloadedRange: range, verifiedSize: start, verifiedRange: range };
  ctx.database.db.transaction(
    (tx) => {
      tx.update(logs)
        .set({ startIndex: start, ...cursors, observedSize: checkpoint.size })
        .where(eq(logs.id, row.id))
        .run();
      beginSearches(tx, row.id, options.picker.rules, ctx.now());
    },
    { behavior: 'immediate' },
  );
  ctx.log.info({ origin: row.origin, start, size: checkpoint.size }, 'log taken up');
  return readLog(ctx.database.db, row.id);
}
