import { and, eq, isNotNull } from 'drizzle-orm';
import { events } from '#db/schema/event.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * Asks for every undecided entry to be read again, though the reader is the same: the jobs do it within seconds.
 *
 * @returns how many there are.
 */
export function askRetry({ database, log }: ServiceContext): number {
  const { changes } = database.db
    .update(events)
    .set({ undecidedBy: null })
    .where(and(isNotNull(events.undecided), eq(events.seenBy, 'tail')))
    .run();
  log.info({ entries: changes }, 'undecided entries are to be read again');
  return changes;
}
