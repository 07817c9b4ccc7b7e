import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Writer } from '#db/client.ts';
import { ROLES, users } from '#db/schema/user.ts';
import { randomId } from '#lib/ids.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import { assertLoginFree } from './login-free.ts';
import { hashPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';
import { beginAttempt, forgive, type PauseKey } from './pause.ts';
import { PausedError } from './paused-error.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { readCode } from './secret.ts';
import { startSession } from './start-session.ts';
import { takeStep } from './take-step.ts';
import type { Visitor } from './visitor.ts';

const detailSchema = z.union([
  z.strictObject({ userId: z.string() }),
  z.strictObject({ name: z.string(), login: z.string(), role: z.enum(ROLES) }),
]);

const NOT_GOOD = 'The code is not one that counts: it was used, is older than three days, or was never given.';

/**
 * Sets the password of somebody who was invited, and signs them in. Sessions that they had end.
 *
 * @returns the secret of the session.
 * @throws {AccessRefusedError} {PausedError} {PasswordBusyError}
 */
export async function acceptInvitation(
  ctx: ServiceContext,
  given: { readonly code: string; readonly password: string },
  visitor: Visitor,
): Promise<string> {
  const keys: readonly PauseKey[] = [visitor.pauseKey];
  const until = beginAttempt(ctx, keys);
  if (until !== null) throw new PausedError(until);
  const code = readCode(given.code);
  if (code === null) throw new AccessRefusedError(NOT_GOOD);
  const passwordHash = await hashPassword(given.password);
  const secret = ctx.database.db.transaction(
    (tx) => {
      const now = ctx.now();
      const step = takeStep(tx, { secret: code, kind: 'invitation', now });
      if (step === null) throw new AccessRefusedError(NOT_GOOD);
      const user = settle(tx, detailSchema.parse(step), { password: given.password, passwordHash, now });
      return startSession(tx, { user, method: 'password', ...visitor.session, now });
    },
    { behavior: 'immediate' },
  );
  forgive(ctx, keys);
  return secret;
}

interface NewPassword {
  readonly password: string;
  readonly passwordHash: string;
  readonly now: number;
}

/** What goes wrong here undoes the whole transaction: the code still counts. */
function settle(tx: Writer, invited: z.output<typeof detailSchema>, { password, passwordHash, now }: NewPassword) {
  const known = 'userId' in invited ? tx.select().from(users).where(eq(users.id, invited.userId)).get() : null;
  if ('userId' in invited) {
    if (!known || known.disabledAt !== null) throw new AccessRefusedError(NOT_GOOD);
    assertPassword(password, known.login ?? '');
    tx.update(users).set({ passwordHash }).where(eq(users.id, known.id)).run();
    const actor = { kind: 'user', id: known.id, name: known.name } as const;
    revokeSessions(tx, { userId: known.id, actor, why: 'password set anew', now });
    appendAudit(tx, { chain: 'access', actor, action: 'user.password-reset', target: known.id, at: now });
    return known;
  }
  const { name, login, role } = invited;
  assertPassword(password, login);
  assertLoginFree(tx, login);
  const user = { id: randomId('user'), name, login, role, passwordHash, createdAt: now };
  tx.insert(users).values(user).run();
  const actor = { kind: 'user', id: user.id, name } as const;
  const detail = { name, login, role, by: 'invitation' };
  appendAudit(tx, { chain: 'access', actor, action: 'user.created', target: user.id, detail, at: now });
  return user;
}

function assertPassword(password: string, login: string): void {
  const problem = problemOfPassword(password, login);
  if (problem !== null) throw new AccessRefusedError(problem);
}
