import { ROLES } from '#db/schema/user.ts';

/** What somebody may do: look, investigate and decide, or change how all of it works. Each may do what those before may. */
export type Role = (typeof ROLES)[number];

/** Whether a role is enough where another is needed. */
export function mayActAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
