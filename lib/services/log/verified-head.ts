import { and, desc, eq } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { LogRow } from './position.ts';

/** The newest signed head whose entries we read to the end; undefined before the first. */
export function verifiedHead(ctx: ServiceContext, log: LogRow) {
  return ctx.database.db
    .select()
    .from(checkpoints)
    .where(
      and(eq(checkpoints.logId, log.id), eq(checkpoints.state, 'verified'), eq(checkpoints.size, log.verifiedSize)),
    )
    .orderBy(desc(checkpoints.id))
    .get();
}
