import { and, count, eq, gt, isNull, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { passkeys, sessions, users } from '#db/schema/user.ts';
import type { Role } from './role.ts';

/** Somebody who may sign in, as admins see them. Times are milliseconds since the epoch. */
export interface ListedUser {
  readonly id: string;
  readonly name: string;
  readonly login: string | null;
  readonly email: string | null;
  readonly role: Role;
  readonly oidcIssuer: string | null;
  readonly hasPassword: boolean;
  readonly passkeys: number;
  /** Sessions that are open. */
  readonly sessions: number;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
  readonly disabledAt: number | null;
}

/** Everybody who has or had an account, by name. Nothing that is listed lets anybody in. */
export async function listUsers(
  { db }: OpenDatabase,
  { now }: { readonly now: number },
): Promise<readonly ListedUser[]> {
  const open = db
    .select({ userId: sessions.userId, open: count().as('open') })
    .from(sessions)
    .where(and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
    .groupBy(sessions.userId)
    .as('open_sessions');
  const keys = db
    .select({ userId: passkeys.userId, keys: count().as('keys') })
    .from(passkeys)
    .groupBy(passkeys.userId)
    .as('keys_of');
  const rows = db
    .select({ user: users, open: open.open, keys: keys.keys })
    .from(users)
    .leftJoin(open, eq(open.userId, users.id))
    .leftJoin(keys, eq(keys.userId, users.id))
    .orderBy(sql`${users.name} collate nocase`, users.id)
    .all();
  return rows.map(({ user: { passwordHash, oidcSubject: _, ...user }, open, keys }) => ({
    ...user,
    hasPassword: passwordHash !== null,
    passkeys: keys ?? 0,
    sessions: open ?? 0,
  }));
}
