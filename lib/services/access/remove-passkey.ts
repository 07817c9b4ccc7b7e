import { and, eq } from 'drizzle-orm';
import { passkeys } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { SignedIn } from './find-session.ts';

/** Takes a passkey off the account of its owner. @returns false where they have none of this id. */
export function removePasskey(ctx: ServiceContext, { userId, name: owner }: SignedIn, id: string): boolean {
  return ctx.database.db.transaction(
    (tx) => {
      const isThis = and(eq(passkeys.id, id), eq(passkeys.userId, userId));
      const key = tx.select({ name: passkeys.name }).from(passkeys).where(isThis).get();
      if (!key) return false;
      tx.delete(passkeys).where(isThis).run();
      const actor = { kind: 'user', id: userId, name: owner } as const;
      const told = { chain: 'access', actor, action: 'passkey.removed', target: userId };
      appendAudit(tx, { ...told, detail: { name: key.name }, at: ctx.now() });
      return true;
    },
    { behavior: 'immediate' },
  );
}
