import { refusalOfRemote } from '#lib/http/local-request.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import type { Role } from '#lib/services/access/role.ts';
import { listening } from './listening.ts';

/** Who asks for a page or sends a form, and what they may do. */
export interface Asker {
  readonly actor: Actor;
  readonly role: Role;
}

/** Null where nobody whom we know asks. */
export async function whoAsks(headers: Headers): Promise<Asker | null> {
  const isHere = refusalOfRemote(headers, listening()) === null;
  return { actor: { kind: 'loopback' }, role: isHere ? 'admin' : 'viewer' };
}
