import { and, desc, eq, gt, lt, ne } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { LogRow } from './position.ts';

/** A log's own caches hold up a checkpoint for minutes; for longer than this nobody honest does. */
const PATIENCE = 3_600_000;

/**
 * A log that signed a larger tree for somebody else long ago and still shows us a smaller one keeps something from us.
 *
 * @throws {LogDataError} `withheld`: a failure, for its caches may be at fault; signed bytes of both are in the evidence.
 */
export function requireNothingWithheld({ database, now }: ServiceContext, log: LogRow): void {
  const larger = database.db
    .select()
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.logId, log.id),
        eq(checkpoints.state, 'observed'),
        ne(checkpoints.seenFrom, 'log'),
        gt(checkpoints.size, Math.max(log.observedSize, log.verifiedSize)),
        lt(checkpoints.firstSeenAt, now() - PATIENCE),
      ),
    )
    .orderBy(desc(checkpoints.size))
    .get();
  if (!larger) return;
  throw new LogDataError(
    'withheld',
    `The log signed a tree of ${larger.size} entries for somebody else (${larger.seenFrom} ${larger.seenAt ?? ''}) more than an hour ago, and still shows us ${log.observedSize}.`,
    { 'shown to others': larger.note },
  );
}
