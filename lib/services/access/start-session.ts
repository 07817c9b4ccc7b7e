import { and, eq, isNotNull, lt, or } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { sessions, users } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { SignedIn } from './find-session.ts';
import { hashSecret, makeSecret } from './secret.ts';

export interface NewSession {
  readonly user: { readonly id: string; readonly name: string };
  readonly method: SignedIn['method'];
  /** What the browser calls itself. */
  readonly agent: string;
  /** Milliseconds. */
  readonly lifetime: number;
  /** Milliseconds since the epoch: of a session that goes on, what it cannot outlast. */
  readonly notAfter?: number;
  /** The secret of the session that the browser had before: it ends, so that nothing known before opens anything after. */
  readonly before: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const AGENT_LENGTH = 200;
/** Sessions that are over stay listed for so long. */
const KEPT = 30 * 86_400_000;

/** Begins a session, in the transaction of the sign-in. @returns its secret, for the browser's cookie; it is not stored. */
export function startSession(tx: Writer, { user, method, agent, lifetime, notAfter, before, now }: NewSession): string {
  if (before !== null) {
    tx.update(sessions)
      .set({ revokedAt: now })
      .where(eq(sessions.id, hashSecret(before)))
      .run();
  }
  const old = now - KEPT;
  tx.delete(sessions)
    .where(or(lt(sessions.expiresAt, old), and(isNotNull(sessions.revokedAt), lt(sessions.revokedAt, old))))
    .run();
  const secret = makeSecret();
  const expiresAt = Math.min(now + lifetime, notAfter ?? Number.POSITIVE_INFINITY);
  tx.insert(sessions)
    .values({
      id: hashSecret(secret),
      userId: user.id,
      method,
      agent: agent.slice(0, AGENT_LENGTH),
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
    })
    .run();
  tx.update(users).set({ lastSignInAt: now }).where(eq(users.id, user.id)).run();
  const detail = notAfter === undefined ? { method } : { method, renewed: true };
  const actor = { kind: 'user', id: user.id, name: user.name } as const;
  appendAudit(tx, { chain: 'access', actor, action: 'user.signed-in', target: user.id, detail, at: now });
  return secret;
}
