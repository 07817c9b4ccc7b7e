import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { tokens } from '#db/schema/access.ts';
import { readScopes } from './read-scopes.ts';
import { SCOPES, type Scope } from './scope.ts';
import { hashToken, isToken } from './token-secret.ts';

export interface HeldToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** Its last use is noted no more often: a busy client must not make a write of each request. */
const NOTE_EVERY = 60_000;

/**
 * Whose token this is and what it may do; null where it is unknown, revoked or has run out. It is looked up by its hash:
 * how long that takes tells nothing of any token.
 *
 * @param input.now milliseconds since the epoch.
 */
export async function checkToken(
  { db }: OpenDatabase,
  { token, now }: { readonly token: string; readonly now: number },
): Promise<HeldToken | null> {
  if (!isToken(token)) return null;
  const row = db
    .select()
    .from(tokens)
    .where(eq(tokens.sha256, hashToken(token)))
    .get();
  if (!row || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)) return null;
  if (row.lastUsedAt === null || now - row.lastUsedAt >= NOTE_EVERY) {
    db.update(tokens).set({ lastUsedAt: now }).where(eq(tokens.id, row.id)).run();
  }
  const scopes = readScopes(row.scopes);
  return { id: row.id, name: row.name, scopes: scopes.includes('admin') ? SCOPES : scopes };
}
