import { eq } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { users } from '#db/schema/user.ts';
import { IncidentError } from './incident-error.ts';

/** Who is to own an incident; null for nobody. @throws {IncidentError} for a user who is not there, or may not sign in any more. */
export function readOwner(
  tx: Db | Writer,
  ownerId: string | null,
): { readonly id: string; readonly name: string } | null {
  if (ownerId === null) return null;
  const found = tx
    .select({ id: users.id, name: users.name, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.id, ownerId))
    .get();
  if (!found || found.disabledAt !== null) {
    throw new IncidentError(
      'refused',
      'The owner is nobody who may sign in here. Choose somebody of the list.',
      'owner',
    );
  }
  return { id: found.id, name: found.name };
}
