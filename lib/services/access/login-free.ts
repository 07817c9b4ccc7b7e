import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { users } from '#db/schema/user.ts';
import { AccessRefusedError } from './access-refused.ts';

/** @throws {AccessRefusedError} where somebody has the login, or had it: names are used once, so that the audit stays true. */
export function assertLoginFree(tx: Writer, login: string): void {
  if (tx.select({ id: users.id }).from(users).where(eq(users.login, login)).get()) {
    throw new AccessRefusedError(`The login ${login} is taken. Choose another.`);
  }
}
