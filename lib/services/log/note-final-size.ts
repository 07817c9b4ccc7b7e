import { and, desc, eq } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { FROZEN_LINE, frozenLine } from '#lib/tlog/frozen.ts';
import { type LogRow, touchLog } from './position.ts';

/**
 * Takes note where a checkpoint says that its log ends with it. Such a log is still polled: a later checkpoint of another
 * size breaks what was signed.
 *
 * @throws {LogDataError} `inconsistent` where the log went on after it had signed that it ended.
 */
export function noteFinalSize(ctx: ServiceContext, log: LogRow, checkpoint: SignedCheckpoint): void {
  if (log.finalSize !== null && checkpoint.size > log.finalSize) {
    throw new LogDataError(
      'inconsistent',
      `The log signed that it ends with size ${log.finalSize}, and now signs size ${checkpoint.size}: it went on after its end.`,
      { 'final size': String(log.finalSize), held: finalNote(ctx, log) ?? '', received: checkpoint.note },
    );
  }
  if (log.finalSize !== null || frozenLine(checkpoint) === undefined) return;
  touchLog(ctx, log.id, { finalSize: checkpoint.size });
  ctx.log.info({ origin: log.origin, size: checkpoint.size }, 'the log says that it ends here');
}

/** The note that says so: a later one of the same size need not. */
function finalNote({ database }: ServiceContext, { id, finalSize }: LogRow): string | undefined {
  const notes = database.db
    .select({ note: checkpoints.note })
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, id), eq(checkpoints.size, finalSize ?? 0)))
    .orderBy(desc(checkpoints.id))
    .all();
  return notes.find(({ note }) => note.includes(`\n${FROZEN_LINE}`))?.note;
}
