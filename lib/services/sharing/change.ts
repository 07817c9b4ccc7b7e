import { and, eq, isNull } from 'drizzle-orm';
import { publications } from '#db/schema/sharing.ts';
import { namesOfParts, type SharedParts } from '#lib/provenance/shared-parts.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readParts, refuseContradiction } from './read-parts.ts';
import { SharingError } from './sharing-error.ts';

export interface PublicationChange {
  readonly slug: string;
  readonly parts: SharedParts;
  readonly actor: Actor;
}

/**
 * Changes what a public page shows. Caches may show what it was for a minute more.
 *
 * @throws {SharingError} `not-published` where no page has this slug, or it was withdrawn.
 */
export function changePublication(ctx: ServiceContext, { slug, parts, actor }: PublicationChange): void {
  refuseContradiction(parts);
  const at = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      const isIt = and(eq(publications.slug, slug), isNull(publications.withdrawnAt));
      const before = tx.select().from(publications).where(isIt).get();
      if (!before) throw new SharingError('not-published', `No public page has the address ${slug.slice(0, 80)}.`);
      tx.update(publications)
        .set({ parts: JSON.stringify(parts), updatedAt: at })
        .where(eq(publications.id, before.id))
        .run();
      const detail = { from: namesOfParts(readParts(before.parts)), to: namesOfParts(parts) };
      appendAudit(tx, { chain: 'sharing', actor, action: 'publication.changed', target: slug, detail, at });
    },
    { behavior: 'immediate' },
  );
}
