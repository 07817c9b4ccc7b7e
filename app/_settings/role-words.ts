import type { Role } from '#lib/services/access/role.ts';

/** What each role may do, for forms. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Read everything, verify files.',
  investigator: 'And open incidents, decide, answer alerts, hand in bundles.',
  admin: 'And change settings, people and tokens.',
};
