import { and, eq, isNull } from 'drizzle-orm';
import { users } from '#db/schema/user.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import { normaliseLogin } from './login.ts';
import { isPassword } from './password.ts';
import { beginAttempt, forgive, type PauseKey } from './pause.ts';
import { PausedError } from './paused-error.ts';
import { startSession } from './start-session.ts';
import type { Visitor } from './visitor.ts';

/**
 * Signs somebody in by login and password. Unknown logins, disabled accounts and accounts without a password take the same
 * way, the same time and the same answer as a wrong password.
 *
 * @returns the secret of the new session.
 * @throws {PausedError} while too many attempts failed. {AccessRefusedError} for all else. {PasswordBusyError}
 */
export async function signInWithPassword(
  ctx: ServiceContext,
  given: { readonly login: string; readonly password: string },
  visitor: Visitor,
): Promise<string> {
  const login = normaliseLogin(given.login);
  const keys: readonly PauseKey[] = [{ kind: 'account', of: login }, visitor.pauseKey];
  const until = beginAttempt(ctx, keys);
  if (until !== null) throw new PausedError(until);
  const { db } = ctx.database;
  const user = db
    .select()
    .from(users)
    .where(and(eq(users.login, login), isNull(users.disabledAt)))
    .get();
  const isRight = await isPassword(given.password.slice(0, 1000), user?.passwordHash ?? null);
  if (!user || !isRight) {
    ctx.log.warn({ method: 'password' }, 'a sign-in failed');
    throw new AccessRefusedError('Login and password do not belong together.');
  }
  forgive(ctx, keys);
  return db.transaction(
    (tx) => {
      // Hashing took a while: what was changed meanwhile counts.
      const still = tx
        .select({ id: users.id, name: users.name })
        .from(users)
        .where(and(eq(users.id, user.id), isNull(users.disabledAt), eq(users.passwordHash, user.passwordHash ?? '')))
        .get();
      if (!still) throw new AccessRefusedError('Login and password do not belong together.');
      return startSession(tx, { user: still, method: 'password', ...visitor.session, now: ctx.now() });
    },
    { behavior: 'immediate' },
  );
}
