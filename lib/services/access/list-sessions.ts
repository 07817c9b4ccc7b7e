import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { sessions } from '#db/schema/user.ts';

/** An open session as its owner sees it. Its id is a hash: it opens nothing. */
export type ListedSession = Omit<typeof sessions.$inferSelect, 'userId' | 'revokedAt'>;

interface SessionsQuery {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds without a request after which a session is over. */
  readonly idle: number;
}

/** The open sessions of somebody, the last used first. */
export async function listSessions(
  { db }: OpenDatabase,
  { userId, now, idle }: SessionsQuery,
): Promise<readonly ListedSession[]> {
  const rows = db
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        gt(sessions.lastUsedAt, now - idle),
      ),
    )
    .orderBy(desc(sessions.lastUsedAt))
    .all();
  return rows.map(({ userId: _, revokedAt: __, ...session }) => session);
}
