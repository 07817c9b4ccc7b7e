import { and, eq, isNull } from 'drizzle-orm';
import { shareLinks } from '#db/schema/sharing.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** Takes an unlisted link out of use, at once. False where there is none of this id in use. */
export function revokeShareLink(
  ctx: ServiceContext,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): boolean {
  const at = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const { changes } = tx
        .update(shareLinks)
        .set({ revokedAt: at })
        .where(and(eq(shareLinks.id, id), isNull(shareLinks.revokedAt)))
        .run();
      if (changes === 0) return false;
      appendAudit(tx, { chain: 'sharing', actor, action: 'share-link.revoked', target: id, at });
      return true;
    },
    { behavior: 'immediate' },
  );
}
