import type { Role } from '#lib/services/access/role.ts';

/**
 * Who may ask for an address: `anyone`; `reader`, somebody who is signed in or a token of the scope `read`; or people of a role
 * at least. The page or handler checks it itself; the tests hold every one of them to this list, role by role, and
 * docs/security.md shows it.
 */
export type AccessRule = 'anyone' | 'reader' | Role;

/** Pages by their folder below app, without groups. What is public, and what a form of nobody's changes, says why beside it. */
export const PAGE_RULES: Readonly<Record<string, AccessRule>> = {
  '/': 'viewer',
  '/alerts': 'viewer',
  '/alerts/[id]': 'viewer',
  '/alerts/channels': 'viewer',
  '/artifacts/[scheme]/[value]': 'viewer',
  '/certificates': 'viewer',
  '/certificates/[id]': 'viewer',
  '/datasets': 'viewer',
  '/deployments': 'viewer',
  '/events': 'viewer',
  '/events/[id]': 'viewer',
  '/identities': 'viewer',
  '/identity': 'viewer',
  '/incidents': 'viewer',
  '/incidents/[id]': 'viewer',
  '/incidents/new': 'viewer',
  '/invitation': 'anyone', // whoever has the code
  '/logs': 'viewer',
  '/logs/[id]': 'viewer',
  '/models': 'viewer',
  '/models/[slug]': 'viewer',
  '/models/[slug]/diff': 'viewer',
  '/reference': 'viewer',
  '/settings/[section]': 'viewer',
  '/settings/[section]/change': 'viewer',
  '/settings/[section]/edit': 'viewer',
  '/settings/account': 'viewer',
  '/settings/audit': 'admin',
  '/settings/people': 'admin',
  '/settings/tokens': 'admin',
  '/setup': 'anyone', // whoever has the code of the console
  '/sharing': 'viewer',
  '/sign-in': 'anyone',
  '/sources': 'viewer',
  '/undecided': 'viewer',
  '/verifications/[id]': 'viewer',
  '/verify': 'viewer',
};

/** Route handlers by method and folder; those of the API say their scope in its OpenAPI document. */
export const HANDLER_RULES: Readonly<Record<string, AccessRule>> = {
  'POST /alerts/change': 'investigator',
  'POST /alerts/channels/resend': 'investigator',
  'POST /alerts/channels/test': 'admin',
  'GET /alerts/feed.atom': 'reader',
  'GET /api/version': 'anyone', // a random word that changes when something was written
  'GET /certificates/[id]/proof': 'viewer',
  'GET /events/[id]/bundle': 'viewer',
  'GET /events/[id]/checkpoint': 'viewer',
  'GET /events/[id]/entry': 'viewer',
  'GET /events/[id]/proof': 'viewer',
  'GET /healthz': 'anyone', // one word; why, only to readers
  'HEAD /healthz': 'anyone',
  'GET /incidents/[id]/archive': 'investigator',
  'POST /incidents/[id]/decide': 'investigator',
  'POST /incidents/[id]/events': 'investigator',
  'POST /incidents/[id]/note': 'investigator',
  'POST /incidents/[id]/notice': 'investigator',
  'POST /incidents/[id]/owner': 'investigator',
  'GET /incidents/[id]/report': 'viewer',
  'POST /incidents/[id]/scope': 'investigator',
  'POST /incidents/[id]/severity': 'investigator',
  'POST /incidents/[id]/state': 'investigator',
  'POST /incidents/open': 'investigator',
  'POST /invitation/accept': 'anyone', // with a code that counts once
  'POST /logs/[id]/backfills': 'admin',
  'POST /logs/[id]/backfills/[backfill]/stop': 'admin',
  'GET /logs/[id]/checkpoints/[checkpoint]': 'viewer',
  'GET /logs/[id]/faults/[fault]': 'viewer',
  'GET /logs/[id]/key': 'viewer',
  'GET /metrics': 'reader', // anyone where health.metrics is open
  'GET /mirror/[...path]': 'reader', // anyone where logs.public-mirrors is true
  'HEAD /mirror/[...path]': 'reader',
  'GET /p/[[...path]]': 'anyone', // what somebody published, and no more
  'GET /s/[[...path]]': 'anyone', // whoever has the secret in the address
  'POST /settings/[section]/apply': 'admin',
  'GET /settings/[section]/export': 'viewer',
  'POST /settings/[section]/save': 'admin',
  'POST /settings/account/name': 'viewer',
  'POST /settings/account/passkeys': 'viewer',
  'POST /settings/account/passkeys/options': 'viewer',
  'POST /settings/account/passkeys/remove': 'viewer',
  'POST /settings/account/password': 'viewer',
  'POST /settings/account/sessions/end': 'viewer',
  'GET /settings/audit/export': 'admin',
  'POST /settings/people/change': 'admin',
  'POST /settings/tokens/revoke': 'admin',
  'POST /setup/create': 'anyone', // with the code of the console
  'POST /sharing/change': 'investigator',
  'POST /sharing/link': 'investigator',
  'GET /sharing/preview': 'investigator',
  'POST /sharing/publish': 'investigator',
  'POST /sharing/revoke': 'investigator',
  'POST /sharing/withdraw': 'investigator',
  'GET /sign-in/oidc/[name]': 'anyone',
  'GET /sign-in/oidc/[name]/callback': 'anyone',
  'POST /sign-in/passkey': 'anyone',
  'POST /sign-in/passkey/options': 'anyone',
  'POST /sign-in/password': 'anyone',
  'POST /sign-out': 'anyone',
  'POST /sources/upload': 'investigator',
  'POST /undecided/again': 'investigator',
  'POST /verifications/[id]/again': 'viewer',
  'GET /verifications/[id]/json': 'viewer',
  'POST /verify/check': 'viewer',
};

/** Files of server actions. */
export const ACTION_RULES: Readonly<Record<string, AccessRule>> = {
  'app/_settings/create-token-action.ts': 'admin',
  'app/_settings/invite-action.ts': 'admin',
};
