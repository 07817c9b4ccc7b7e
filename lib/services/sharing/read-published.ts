import { and, eq, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { publications } from '#db/schema/sharing.ts';
import type { Target } from './target.ts';

/** Under which slug a model or version is public now; null where it is not. */
export function readPublished({ db }: OpenDatabase, { kind, targetId }: Target): string | null {
  const row = db
    .select({ slug: publications.slug })
    .from(publications)
    .where(and(eq(publications.kind, kind), eq(publications.targetId, targetId), isNull(publications.withdrawnAt)))
    .get();
  return row?.slug ?? null;
}
