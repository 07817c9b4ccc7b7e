import { and, desc, eq, inArray } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { publicationChanges } from '#db/schema/sharing.ts';
import type { FoundPublication } from './find-publication.ts';

export interface PublicChange {
  readonly kind: (typeof publicationChanges.$inferSelect)['kind'];
  readonly statement: string;
  readonly at: number;
  /** The same for the same change, always. */
  readonly key: string;
}

/** Entries of a feed; readers look more often than that. */
const LIMIT = 100;

/** What changed about a public page, the newest first; null where its history is not shown. */
export function listChanges({ db }: OpenDatabase, { id, parts }: FoundPublication): readonly PublicChange[] | null {
  if (!parts.history) return null;
  const kinds = [
    'published',
    'version',
    'state',
    'retraction',
    ...(parts.notices ? (['notice'] as const) : []),
  ] as const;
  return db
    .select({
      kind: publicationChanges.kind,
      statement: publicationChanges.statement,
      at: publicationChanges.at,
      key: publicationChanges.key,
    })
    .from(publicationChanges)
    .where(and(eq(publicationChanges.publicationId, id), inArray(publicationChanges.kind, kinds)))
    .orderBy(desc(publicationChanges.at), desc(publicationChanges.id))
    .limit(LIMIT)
    .all();
}
