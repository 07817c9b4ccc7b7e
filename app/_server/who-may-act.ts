import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { type Asker, whoAsks } from './asker.ts';

export interface RoleRefusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

/** Who asks, where they may act as `role`; else why they are refused, in the words of every page, file and form. */
export async function whoMayAct(headers: Headers, role: Role): Promise<Asker | RoleRefusal> {
  const asker = await whoAsks(headers);
  if (asker === null) return { status: 401, reason: 'Nobody is signed in here. Sign in, and try again.' };
  if (mayActAs(asker.role, role)) return asker;
  return { status: 403, reason: `This needs the role ${role}. You have the role ${asker.role}.` };
}
