import type { Role } from '#lib/services/access/role.ts';

/** What each role may do, for forms. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Reads everything, and verifies files.',
  investigator: 'Opens and decides incidents, answers alerts and hands in bundles too.',
  admin: 'Does all of it, and changes settings, people and tokens.',
};
