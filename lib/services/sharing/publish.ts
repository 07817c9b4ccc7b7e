import { and, eq, ne } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { publications } from '#db/schema/sharing.ts';
import { randomId } from '#lib/ids.ts';
import { isPublicSlug, PUBLIC_SLUG_RULE } from '#lib/provenance/public-slug.ts';
import { namesOfParts, type SharedParts } from '#lib/provenance/shared-parts.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { refuseContradiction } from './read-parts.ts';
import { recordChangesOf } from './record-changes.ts';
import { SharingError } from './sharing-error.ts';
import { requireTarget, type Target } from './target.ts';

export interface Publishing extends Target {
  /** Its address below /p/; one of its names where not said. */
  readonly slug?: string;
  readonly parts: SharedParts;
  readonly actor: Actor;
}

/**
 * Makes a model or a version public, or public again. From now on anybody who has the address sees what the parts allow.
 *
 * @returns its slug. @throws {SharingError}
 */
export function publish(ctx: ServiceContext, { kind, targetId, slug: wanted, parts, actor }: Publishing): string {
  refuseContradiction(parts);
  const at = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const target = requireTarget(tx, { kind, targetId });
      const slug = wanted ?? target.suggestedSlug;
      const before = tx
        .select()
        .from(publications)
        .where(and(eq(publications.kind, kind), eq(publications.targetId, targetId)))
        .get();
      if (before && before.withdrawnAt === null) {
        throw new SharingError('published-already', `It is public already, as ${before.slug}. Change what it shows.`);
      }
      refuseSlug(tx, slug, before?.id ?? '');
      const id = before?.id ?? randomId('publication');
      const facts = { slug, parts: JSON.stringify(parts), publishedAt: at, updatedAt: at, withdrawnAt: null };
      tx.insert(publications)
        .values({ id, kind, targetId, ...facts })
        .onConflictDoUpdate({ target: publications.id, set: facts })
        .run();
      appendAudit(tx, {
        chain: 'sharing',
        actor,
        action: 'publication.published',
        target: slug,
        detail: { kind, targetId, parts: namesOfParts(parts) },
        at,
      });
      recordChangesOf(tx, { id, kind, targetId, publishedAt: at }, policiesInForce(ctx.database), at);
      return slug;
    },
    { behavior: 'immediate' },
  );
}

function refuseSlug(tx: Writer, slug: string, ownId: string): void {
  if (!isPublicSlug(slug)) {
    throw new SharingError('bad-slug', `The address ${JSON.stringify(slug.slice(0, 80))} is not ${PUBLIC_SLUG_RULE}.`);
  }
  const other = tx
    .select({ id: publications.id })
    .from(publications)
    .where(and(eq(publications.slug, slug), ne(publications.id, ownId)))
    .get();
  if (other) throw new SharingError('slug-taken', `Another page has or had the address ${slug}. Choose another one.`);
}
