import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { shareLinks } from '#db/schema/sharing.ts';
import type { Shared } from './find-publication.ts';
import { readParts } from './read-parts.ts';
import { hashShareSecret, isShareSecret } from './share-secret.ts';

/** Its last use is noted no more often. */
const NOTE_EVERY = 60_000;

export interface OpenedLink extends Shared {
  readonly expiresAt: number;
}

/**
 * What an unlisted link shows; null where it never was, has run out or was revoked, which nobody can tell apart. It is
 * looked up by its hash: how long that takes tells nothing of any secret.
 *
 * @param input.now milliseconds since the epoch.
 */
export function openShareLink(
  { db }: OpenDatabase,
  { secret, now }: { readonly secret: string; readonly now: number },
): OpenedLink | null {
  if (!isShareSecret(secret)) return null;
  const row = db
    .select()
    .from(shareLinks)
    .where(eq(shareLinks.id, hashShareSecret(secret)))
    .get();
  if (!row || row.revokedAt !== null || row.expiresAt <= now) return null;
  if (row.lastUsedAt === null || now - row.lastUsedAt >= NOTE_EVERY) {
    db.update(shareLinks).set({ lastUsedAt: now }).where(eq(shareLinks.id, row.id)).run();
  }
  const { kind, targetId, expiresAt } = row;
  return { kind, targetId, expiresAt, parts: readParts(row.parts) };
}
