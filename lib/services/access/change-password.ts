import { and, eq, isNull } from 'drizzle-orm';
import { users } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { SignedIn } from './find-session.ts';
import { hashPassword, isPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';
import { beginAttempt, forgive, type PauseKey } from './pause.ts';
import { PausedError } from './paused-error.ts';
import { revokeSessions } from './revoke-sessions.ts';

/**
 * Gives somebody who is signed in another password, for the one that they have. Their other sessions end.
 *
 * @throws {AccessRefusedError} {PausedError} {PasswordBusyError}
 */
export async function changePassword(
  ctx: ServiceContext,
  { userId, sessionId, name }: SignedIn,
  given: { readonly current: string; readonly password: string },
): Promise<void> {
  const { db } = ctx.database;
  const user = db.select().from(users).where(eq(users.id, userId)).get();
  if (!user?.login || user.passwordHash === null) throw new AccessRefusedError('This account has no password here.');
  const problem = problemOfPassword(given.password, user.login);
  if (problem !== null) throw new AccessRefusedError(problem);
  const keys: readonly PauseKey[] = [{ kind: 'account', of: user.login }];
  const until = beginAttempt(ctx, keys);
  if (until !== null) throw new PausedError(until);
  if (!(await isPassword(given.current, user.passwordHash))) {
    throw new AccessRefusedError('The password that you have is another one.');
  }
  forgive(ctx, keys);
  const before = user.passwordHash;
  const passwordHash = await hashPassword(given.password);
  db.transaction(
    (tx) => {
      const isThis = and(eq(users.id, userId), eq(users.passwordHash, before), isNull(users.disabledAt));
      const { changes } = tx.update(users).set({ passwordHash }).where(isThis).run();
      if (changes === 0) throw new AccessRefusedError('The account was changed meanwhile. Try again.');
      const actor = { kind: 'user', id: userId, name } as const;
      const now = ctx.now();
      appendAudit(tx, { chain: 'access', actor, action: 'user.password-changed', target: userId, at: now });
      revokeSessions(tx, { userId, except: sessionId, actor, why: 'password changed', now });
    },
    { behavior: 'immediate' },
  );
}
