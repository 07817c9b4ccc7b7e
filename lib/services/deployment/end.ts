import { eq } from 'drizzle-orm';
import { deployments } from '#db/schema/deployment.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Deployment } from './read.ts';
import { endRow, readOne } from './register.ts';

/** Says that something runs no more. One that ended before stays as it is. @returns null where there is none of this id. */
export function endDeployment(ctx: ServiceContext, id: string, actor: Actor): Deployment | null {
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const row = tx.select().from(deployments).where(eq(deployments.id, id)).get();
      if (!row) return null;
      if (row.endedAt === null) endRow(tx, id, actor, now);
      return readOne(tx, id);
    },
    { behavior: 'immediate' },
  );
}
