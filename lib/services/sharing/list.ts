import { and, desc, eq, type SQL } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { publications } from '#db/schema/sharing.ts';
import type { SharedParts } from '#lib/provenance/shared-parts.ts';
import { readParts } from './read-parts.ts';
import { type KnownTarget, requireTarget, type Target } from './target.ts';

export interface ListedPublication {
  readonly slug: string;
  readonly target: KnownTarget;
  readonly parts: SharedParts;
  readonly publishedAt: number;
  readonly updatedAt: number;
  /** Null while it is public. */
  readonly withdrawnAt: number | null;
}

/** More than anybody looks through. */
const LIMIT = 1000;

/** Everything that is or was public, the newest first. */
export async function listPublications(database: OpenDatabase): Promise<readonly ListedPublication[]> {
  return select(database, undefined);
}

/** That of one model or version; null where it was never public. */
export async function getPublication(
  database: OpenDatabase,
  { kind, targetId }: Target,
): Promise<ListedPublication | null> {
  return select(database, and(eq(publications.kind, kind), eq(publications.targetId, targetId)))[0] ?? null;
}

function select({ db }: OpenDatabase, which: SQL | undefined): ListedPublication[] {
  const rows = db
    .select()
    .from(publications)
    .where(which)
    .orderBy(desc(publications.updatedAt), desc(publications.id))
    .limit(LIMIT)
    .all();
  return rows.map(({ id: _, kind, targetId, parts, ...row }) => ({
    ...row,
    parts: readParts(parts),
    target: requireTarget(db, { kind, targetId }),
  }));
}
