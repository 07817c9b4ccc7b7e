import { and, desc, eq } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { LogRow } from './position.ts';

/**
 * The signed head of `size` whose entries we read to the end: of all that is verified, unless said. Undefined where there
 * is none.
 */
export function verifiedHead(ctx: ServiceContext, log: LogRow, size = log.verifiedSize) {
  return ctx.database.db
    .select()
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, log.id), eq(checkpoints.state, 'verified'), eq(checkpoints.size, size)))
    .orderBy(desc(checkpoints.id))
    .get();
}
