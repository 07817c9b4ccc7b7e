import { eq } from 'drizzle-orm';
import { users } from '#db/schema/user.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { SignedIn } from './find-session.ts';
import { readName } from './user-input.ts';

/** Gives somebody who is signed in another name to show. @throws {AccessRefusedError} */
export function changeName(ctx: ServiceContext, { userId, name: before }: SignedIn, typed: string): void {
  const name = readName(typed);
  if (name === before) return;
  ctx.database.db.transaction(
    (tx) => {
      tx.update(users).set({ name }).where(eq(users.id, userId)).run();
      const actor = { kind: 'user', id: userId, name: before } as const;
      const detail = { from: before, to: name };
      appendAudit(tx, { chain: 'access', actor, action: 'user.renamed', target: userId, detail, at: ctx.now() });
    },
    { behavior: 'immediate' },
  );
}
