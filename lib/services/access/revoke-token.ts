import { and, eq, isNull } from 'drizzle-orm';
import { tokens } from '#db/schema/access.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * Takes a token out of use, from the next request on. It stays listed.
 *
 * @returns false where no token of this name is in use.
 */
export function revokeToken(ctx: ServiceContext, name: string): boolean {
  const { changes } = ctx.database.db
    .update(tokens)
    .set({ revokedAt: ctx.now() })
    .where(and(eq(tokens.name, name), isNull(tokens.revokedAt)))
    .run();
  return changes > 0;
}
