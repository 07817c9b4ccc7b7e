import { and, eq, isNull } from 'drizzle-orm';
import { publications } from '#db/schema/sharing.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { SharingError } from './sharing-error.ts';

/**
 * Takes a public page back. Its address says that it was, and shows nothing more of it.
 *
 * @throws {SharingError} `not-published` where no page has this slug, or it was withdrawn before.
 */
export function withdraw(ctx: ServiceContext, { slug, actor }: { readonly slug: string; readonly actor: Actor }): void {
  const at = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      const { changes } = tx
        .update(publications)
        .set({ withdrawnAt: at, updatedAt: at })
        .where(and(eq(publications.slug, slug), isNull(publications.withdrawnAt)))
        .run();
      if (changes === 0) {
        throw new SharingError('not-published', `No public page has the address ${slug.slice(0, 80)}.`);
      }
      appendAudit(tx, { chain: 'sharing', actor, action: 'publication.withdrawn', target: slug, at });
    },
    { behavior: 'immediate' },
  );
}
