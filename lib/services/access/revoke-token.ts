import { and, eq, isNull } from 'drizzle-orm';
import { tokens } from '#db/schema/access.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Actor } from './actor.ts';

/**
 * Takes a token out of use, from the next request on. It stays listed.
 *
 * @returns false where no token of this name is in use.
 */
export function revokeToken(ctx: ServiceContext, name: string, actor: Actor): boolean {
  return ctx.database.db.transaction(
    (tx) => {
      const isThis = and(eq(tokens.name, name), isNull(tokens.revokedAt));
      const token = tx.select({ id: tokens.id }).from(tokens).where(isThis).get();
      if (!token) return false;
      const at = ctx.now();
      tx.update(tokens).set({ revokedAt: at }).where(isThis).run();
      appendAudit(tx, { chain: 'access', actor, action: 'token.revoked', target: token.id, detail: { name }, at });
      return true;
    },
    { behavior: 'immediate' },
  );
}
