import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { users } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { AccessRefusedError } from './access-refused.ts';
import type { Actor } from './actor.ts';
import { countAdmins } from './count-admins.ts';
import { revokeSessions } from './revoke-sessions.ts';
import type { Role } from './role.ts';

/** What admins do to an account. */
export type UserChange =
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'disable' }
  | { readonly kind: 'enable' }
  | { readonly kind: 'end-sessions' };

type User = typeof users.$inferSelect;

/**
 * Changes an account. It counts from the next request on: roles are looked up each time.
 *
 * @throws {AccessRefusedError} where there is no such account, or no admin would be left.
 */
export function changeUser(ctx: ServiceContext, userId: string, change: UserChange, actor: Actor): void {
  ctx.database.db.transaction(
    (tx) => {
      const user = tx.select().from(users).where(eq(users.id, userId)).get();
      if (!user) throw new AccessRefusedError('There is no such account.');
      apply(tx, user, change, { actor, now: ctx.now() });
      const takesAdmin = user.role === 'admin' && user.disabledAt === null;
      if (takesAdmin && countAdmins(tx) === 0) {
        throw new AccessRefusedError('This is the last admin: make somebody else admin first.');
      }
    },
    { behavior: 'immediate' },
  );
}

function apply(
  tx: Writer,
  user: User,
  change: UserChange,
  { actor, now }: { readonly actor: Actor; readonly now: number },
): void {
  const isThis = eq(users.id, user.id);
  const told = { chain: 'access', actor, target: user.id, at: now };
  const named = { name: user.name, login: user.login };
  switch (change.kind) {
    case 'role': {
      if (user.oidcIssuer !== null && user.login === null) {
        throw new AccessRefusedError('The role of this account comes from its identity provider, by access.oidc.');
      }
      if (user.role === change.role) return;
      tx.update(users).set({ role: change.role }).where(isThis).run();
      const detail = { ...named, from: user.role, to: change.role };
      appendAudit(tx, { ...told, action: 'user.role-changed', detail });
      return;
    }
    case 'disable':
      if (user.disabledAt !== null) return;
      tx.update(users).set({ disabledAt: now }).where(isThis).run();
      appendAudit(tx, { ...told, action: 'user.disabled', detail: named });
      revokeSessions(tx, { userId: user.id, actor, why: 'account disabled', now });
      return;
    case 'enable':
      if (user.disabledAt === null) return;
      tx.update(users).set({ disabledAt: null }).where(isThis).run();
      appendAudit(tx, { ...told, action: 'user.enabled', detail: named });
      return;
    case 'end-sessions':
      revokeSessions(tx, { userId: user.id, actor, why: 'ended by an admin', now });
  }
}
