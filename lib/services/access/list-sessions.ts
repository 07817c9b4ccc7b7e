import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { sessions, users } from '#db/schema/user.ts';
import { type Voucher, vouchedUntil } from './vouched-until.ts';

/** An open session as its owner sees it. Its id is a hash: it opens nothing. */
export interface ListedSession extends Omit<typeof sessions.$inferSelect, 'userId' | 'revokedAt'> {
  /** When its identity provider must be asked again; null for a local account. */
  readonly vouchedUntil: number | null;
}

interface SessionsQuery {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds without a request after which a session is over. */
  readonly idle: number;
  /** The identity providers of now. */
  readonly providers: readonly Voucher[];
}

/** The open sessions of somebody, the last used first. */
export async function listSessions(
  { db }: OpenDatabase,
  { userId, now, idle, providers }: SessionsQuery,
): Promise<readonly ListedSession[]> {
  const rows = db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
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
  return rows.map(({ session: { userId: _, revokedAt: __, ...session }, user }) => {
    return { ...session, vouchedUntil: vouchedUntil(session, user, providers)?.until ?? null };
  });
}
