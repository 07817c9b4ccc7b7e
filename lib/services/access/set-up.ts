import { users } from '#db/schema/user.ts';
import { randomId } from '#lib/ids.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import { countAdmins } from './count-admins.ts';
import { assertLoginFree } from './login-free.ts';
import { hashPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';
import { beginAttempt, forgive, type PauseKey } from './pause.ts';
import { PausedError } from './paused-error.ts';
import { readCode } from './secret.ts';
import { startSession } from './start-session.ts';
import { takeStep } from './take-step.ts';
import { readLogin, readName } from './user-input.ts';
import type { Visitor } from './visitor.ts';

export interface FirstAdmin {
  readonly code: string;
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/**
 * Makes the first admin, for whoever has the code from the console, and signs them in.
 *
 * @returns the secret of the session.
 * @throws {AccessRefusedError} {PausedError} {PasswordBusyError}
 */
export async function setUp(ctx: ServiceContext, given: FirstAdmin, visitor: Visitor): Promise<string> {
  const keys: readonly PauseKey[] = [{ kind: 'account', of: 'set-up code' }, visitor.pauseKey];
  const name = readName(given.name);
  const login = readLogin(given.login);
  const problem = problemOfPassword(given.password, login);
  if (problem !== null) throw new AccessRefusedError(problem);
  const until = beginAttempt(ctx, keys);
  if (until !== null) throw new PausedError(until);
  const passwordHash = await hashPassword(given.password);
  const secret = ctx.database.db.transaction(
    (tx) => {
      const now = ctx.now();
      const code = readCode(given.code);
      if (countAdmins(tx) > 0) throw new AccessRefusedError('There is an admin already: sign in.');
      if (code === null || takeStep(tx, { secret: code, kind: 'setup', now }) === null) {
        throw new AccessRefusedError(
          'The code is not the one that the console printed last, or is older than a day. modeltrail user setup-code makes another.',
        );
      }
      assertLoginFree(tx, login);
      const user = { id: randomId('user'), name, login, role: 'admin' as const, passwordHash, createdAt: now };
      tx.insert(users).values(user).run();
      const actor = { kind: 'user', id: user.id, name } as const;
      const detail = { name, login, role: user.role, by: 'set-up code' };
      appendAudit(tx, { chain: 'access', actor, action: 'user.created', target: user.id, detail, at: now });
      return startSession(tx, { user, method: 'setup', ...visitor.session, now });
    },
    { behavior: 'immediate' },
  );
  forgive(ctx, keys);
  return secret;
}
