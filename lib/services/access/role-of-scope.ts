import type { Role } from './role.ts';
import type { Scope } from './scope.ts';

/** What somebody in a browser must be for what a token of the scope may do. */
export const ROLE_OF_SCOPE: Readonly<Record<Scope, Role>> = {
  read: 'viewer',
  verify: 'viewer',
  ingest: 'investigator',
  deploy: 'investigator',
  investigate: 'investigator',
  admin: 'admin',
};
