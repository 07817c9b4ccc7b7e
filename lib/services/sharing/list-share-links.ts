import { and, desc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { shareLinks } from '#db/schema/sharing.ts';
import type { SharedParts } from '#lib/provenance/shared-parts.ts';
import { readParts } from './read-parts.ts';
import { type KnownTarget, requireTarget, type Target } from './target.ts';

export interface ListedShareLink {
  readonly id: string;
  readonly target: KnownTarget;
  readonly parts: SharedParts;
  readonly note: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  /** To the minute; null where it was never opened. */
  readonly lastUsedAt: number | null;
}

const LIMIT = 1000;

/** Unlisted links, the newest first: of one model or version, or of all. Nothing here opens a page. */
export async function listShareLinks({ db }: OpenDatabase, of?: Target): Promise<readonly ListedShareLink[]> {
  const rows = db
    .select()
    .from(shareLinks)
    .where(of && and(eq(shareLinks.kind, of.kind), eq(shareLinks.targetId, of.targetId)))
    .orderBy(desc(shareLinks.createdAt), desc(shareLinks.id))
    .limit(LIMIT)
    .all();
  return rows.map(({ kind, targetId, parts, ...row }) => ({
    ...row,
    parts: readParts(parts),
    target: requireTarget(db, { kind, targetId }),
  }));
}
