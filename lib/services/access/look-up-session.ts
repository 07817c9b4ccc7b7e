import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { preparedOnce } from '#db/prepared.ts';
import { sessions, users } from '#db/schema/user.ts';
import { hashSecret, isSecret } from './secret.ts';
import { type Vouched, type Voucher, vouchedUntil } from './vouched-until.ts';

const bySecret = preparedOnce((db) =>
  db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sql.placeholder('id')),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, sql.placeholder('now')),
        isNull(users.disabledAt),
      ),
    )
    .prepare(),
);

export interface SessionInput {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds: how long a session lasts, and how long without a request, by the configuration of now. */
  readonly lifetime: number;
  readonly idle: number;
  /** The identity providers of now. */
  readonly providers: readonly Voucher[];
}

interface FoundSession {
  readonly session: typeof sessions.$inferSelect;
  readonly user: typeof users.$inferSelect;
  /** Null for a local account. */
  readonly vouched: Vouched | null;
}

/** The session that a secret opens, were it not for its provider; null for one that is unknown, over, revoked, or of somebody disabled. */
export function lookUpSession(
  database: OpenDatabase,
  { secret, now, lifetime, idle, providers }: SessionInput,
): FoundSession | null {
  if (!isSecret(secret)) return null;
  const found = bySecret(database.sqlite).get({ id: hashSecret(secret), now });
  if (!found) return null;
  const { session, user } = found;
  if (session.createdAt + lifetime <= now || session.lastUsedAt + idle <= now) return null;
  return { session, user, vouched: vouchedUntil(session, user, providers) };
}
