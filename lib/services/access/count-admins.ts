import { and, count, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { users } from '#db/schema/user.ts';

/** How many people may change everything, and are not disabled. */
export function countAdmins(tx: Writer): number {
  const row = tx
    .select({ admins: count() })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.disabledAt)))
    .get();
  return row?.admins ?? 0;
}
