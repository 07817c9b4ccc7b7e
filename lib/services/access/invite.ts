import { eq } from 'drizzle-orm';
import { signInSteps, users } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { Actor } from './actor.ts';
import { assertLoginFree } from './login-free.ts';
import type { Role } from './role.ts';
import { hashSecret, makeCode } from './secret.ts';
import { readLogin, readName } from './user-input.ts';

/** Milliseconds. */
export const INVITATION_LASTS = 72 * 3_600_000;

/** Whom an invitation is for: somebody new, or somebody who has lost the password. */
export type Invited =
  | { readonly name: string; readonly login: string; readonly role: Role }
  | { readonly userId: string };

/**
 * A code with which somebody sets a password of their own, once, within three days.
 *
 * @returns the code, which is not stored.
 * @throws {AccessRefusedError}
 */
export function invite(ctx: ServiceContext, invited: Invited, actor: Actor): string {
  const code = makeCode();
  const at = ctx.now();
  const detail =
    'userId' in invited
      ? invited
      : { name: readName(invited.name), login: readLogin(invited.login), role: invited.role };
  ctx.database.db.transaction(
    (tx) => {
      if ('userId' in detail) {
        const user = tx.select().from(users).where(eq(users.id, detail.userId)).get();
        if (!user) throw new AccessRefusedError('There is no such account.');
        if (user.login === null) throw new AccessRefusedError('This account is of an identity provider alone.');
        const told = { chain: 'access', actor, action: 'user.reset-invited', target: user.id, at };
        appendAudit(tx, { ...told, detail: { login: user.login } });
      } else {
        assertLoginFree(tx, detail.login);
        appendAudit(tx, { chain: 'access', actor, action: 'user.invited', target: detail.login, detail, at });
      }
      const step = { id: hashSecret(code), kind: 'invitation', detail: JSON.stringify(detail) } as const;
      tx.insert(signInSteps)
        .values({ ...step, createdAt: at, expiresAt: at + INVITATION_LASTS })
        .run();
    },
    { behavior: 'immediate' },
  );
  return code;
}
