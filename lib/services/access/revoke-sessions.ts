import { and, eq, isNull, ne } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { sessions } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { Actor } from './actor.ts';

export interface SessionsToEnd {
  readonly userId: string;
  /** Of one session, its id; else all. */
  readonly only?: string;
  /** The id of one that goes on. */
  readonly except?: string;
  readonly actor: Actor;
  /** Why, for the audit: `signed out`, `password changed`. */
  readonly why: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Ends sessions of somebody, from their next request on. @returns how many were open. */
export function revokeSessions(tx: Writer, { userId, only, except, actor, why, now }: SessionsToEnd): number {
  const { changes } = tx
    .update(sessions)
    .set({ revokedAt: now })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        only === undefined ? undefined : eq(sessions.id, only),
        except === undefined ? undefined : ne(sessions.id, except),
      ),
    )
    .run();
  if (changes > 0) {
    const detail = { why, sessions: changes };
    appendAudit(tx, { chain: 'access', actor, action: 'sessions.ended', target: userId, detail, at: now });
  }
  return changes;
}
