import type { OpenDatabase } from '#db/client.ts';
import { sessions, users } from '#db/schema/user.ts';
import { randomId } from '#lib/ids.ts';
import type { Role } from '#lib/services/access/role.ts';
import { hashSecret, makeSecret } from '#lib/services/access/secret.ts';

/** Somebody of a role who is signed in for an hour. @returns the secret of the session, for the cookie. */
export function mintSession(
  { db }: OpenDatabase,
  { role, now, name = `the ${role}` }: { readonly role: Role; readonly now: number; readonly name?: string },
): string {
  const id = randomId('user');
  const login = `${name.replaceAll(' ', '-').toLowerCase()}-${id.slice(-4)}`;
  db.insert(users).values({ id, name, login, role, createdAt: now }).run();
  const secret = makeSecret();
  db.insert(sessions)
    .values({
      id: hashSecret(secret),
      userId: id,
      method: 'password',
      agent: 'Mozilla/5.0 (X11; Linux x86_64) test',
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + 3_600_000,
    })
    .run();
  return secret;
}
