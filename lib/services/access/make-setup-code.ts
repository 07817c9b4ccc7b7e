import { eq } from 'drizzle-orm';
import { signInSteps } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { Actor } from './actor.ts';
import { countAdmins } from './count-admins.ts';
import { hashSecret, makeCode } from './secret.ts';

/** Milliseconds. */
export const SETUP_CODE_LASTS = 86_400_000;

/**
 * The code with which the first admin is made: once, within a day. One that was made before counts no more.
 *
 * @returns the code, which is not stored.
 * @throws {AccessRefusedError} where there is an admin already.
 */
export function makeSetupCode(ctx: ServiceContext, actor: Actor): string {
  const code = makeCode();
  const now = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      if (countAdmins(tx) > 0) {
        throw new AccessRefusedError(
          'There is an admin already. modeltrail user reset LOGIN lets one in who has lost the password; modeltrail user invite makes another.',
        );
      }
      tx.delete(signInSteps).where(eq(signInSteps.kind, 'setup')).run();
      tx.insert(signInSteps)
        .values({
          id: hashSecret(code),
          kind: 'setup',
          detail: '{}',
          createdAt: now,
          expiresAt: now + SETUP_CODE_LASTS,
        })
        .run();
      appendAudit(tx, { chain: 'access', actor, action: 'setup-code.made', at: now });
    },
    { behavior: 'immediate' },
  );
  return code;
}
