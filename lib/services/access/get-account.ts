import { asc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { passkeys, users } from '#db/schema/user.ts';

/** An account as its owner sees it. Times are milliseconds since the epoch. */
export interface Account {
  readonly name: string;
  readonly login: string | null;
  readonly email: string | null;
  readonly oidcIssuer: string | null;
  readonly hasPassword: boolean;
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string;
    readonly createdAt: number;
    readonly lastUsedAt: number | null;
  }[];
}

export async function getAccount(
  { db }: OpenDatabase,
  { userId }: { readonly userId: string },
): Promise<Account | null> {
  const user = db.select().from(users).where(eq(users.id, userId)).get();
  if (!user) return null;
  const { name, login, email, oidcIssuer, passwordHash } = user;
  const keys = db
    .select({ id: passkeys.id, name: passkeys.name, createdAt: passkeys.createdAt, lastUsedAt: passkeys.lastUsedAt })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt))
    .all();
  return { name, login, email, oidcIssuer, hasPassword: passwordHash !== null, passkeys: keys };
}
