import { z } from 'zod';
import type { ServiceContext } from '#lib/services/context.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
import { BackfillRefusedError } from './backfill-refused.ts';
import { openHistory } from './plan.ts';
import { requireLog } from './require-log.ts';
import { requireSearchable } from './require-searchable.ts';

const inputSchema = z.object({ logId: z.int().positive() });

/**
 * Opens a search of the past of a log, from where its tail began back to its first entry, by every rule. The jobs take it
 * up within seconds.
 *
 * @returns the ranges that were opened.
 * @throws {UnknownLogError | BackfillRefusedError} where there is nothing to read, or it cannot be read.
 */
export function askHistory(ctx: ServiceContext, input: z.input<typeof inputSchema>): readonly IndexRange[] {
  const { logId } = inputSchema.parse(input);
  const opened = ctx.database.db.transaction(
    (tx) => {
      const log = requireLog(tx, logId);
      const startIndex = requireSearchable(log);
      const ranges = openHistory(tx, log.id, { startIndex, again: true, now: ctx.now() });
      if (ranges.length > 0) return ranges;
      throw new BackfillRefusedError(
        startIndex === 0
          ? `${log.origin} was followed from its first entry: it has no past that was not read.`
          : `All that stands before the tail of ${log.origin} is read already, or being read.`,
      );
    },
    { behavior: 'immediate' },
  );
  ctx.log.info({ logId, ranges: opened }, 'a search of the past was asked for');
  return opened;
}
