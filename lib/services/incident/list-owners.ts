import { asc, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { users } from '#db/schema/user.ts';

/** Who can look after an incident: everybody who may sign in, by name. */
export async function listOwners({
  db,
}: OpenDatabase): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(isNull(users.disabledAt))
    .orderBy(asc(users.name), asc(users.id))
    .all();
}
