import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { sessions } from '#db/schema/user.ts';
import { lookUpSession, type SessionInput } from './look-up-session.ts';
import type { Role } from './role.ts';

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

/**
 * Whose session a secret opens; null for one that is unknown, over, revoked, of somebody disabled, or for which its provider
 * must be asked again (`findLapsed`). Roles are those of now.
 */
export function findSession(database: OpenDatabase, input: SessionInput): SignedIn | null {
  const found = lookUpSession(database, input);
  if (found === null) return null;
  const { now } = input;
  const { session, user, vouched } = found;
  if (vouched !== null && vouched.until <= now) return null;
  if (now - session.lastUsedAt >= NOTE_EVERY) {
    database.db.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, session.id)).run();
  }
  const { id: sessionId, method, createdAt: signedInAt } = session;
  return { sessionId, userId: user.id, name: user.name, role: user.role, method, signedInAt };
}
