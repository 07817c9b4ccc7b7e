import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { preparedOnce } from '#db/prepared.ts';
import { sessions, users } from '#db/schema/user.ts';
import type { Role } from './role.ts';
import { hashSecret, isSecret } from './secret.ts';

/** Somebody who is signed in, and the session by which we know. */
export interface SignedIn {
  /** The session's id: the SHA-256 of its secret. */
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly method: 'password' | 'oidc' | 'passkey' | 'setup';
  /** Milliseconds since the epoch. */
  readonly signedInAt: number;
}

/** Its last use is noted no more often: a page with many parts must not make a write of each. */
const NOTE_EVERY = 60_000;

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

interface SessionInput {
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds: how long a session lasts, and how long without a request, by the configuration of now. */
  readonly lifetime: number;
  readonly idle: number;
}

/** Whose session a secret opens; null for one that is unknown, over, revoked, or of somebody disabled. Roles are those of now. */
export function findSession(database: OpenDatabase, { secret, now, lifetime, idle }: SessionInput): SignedIn | null {
  if (!isSecret(secret)) return null;
  const found = bySecret(database.sqlite).get({ id: hashSecret(secret), now });
  if (!found) return null;
  const { session, user } = found;
  if (session.createdAt + lifetime <= now || session.lastUsedAt + idle <= now) return null;
  if (now - session.lastUsedAt >= NOTE_EVERY) {
    database.db.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, session.id)).run();
  }
  const { id: sessionId, method, createdAt: signedInAt } = session;
  return { sessionId, userId: user.id, name: user.name, role: user.role, method, signedInAt };
}
