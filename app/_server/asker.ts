import type { OpenDatabase } from '#db/client.ts';
import { refusalOfRemote } from '#lib/http/local-request.ts';
import { readCookie } from '#lib/http/session-cookie.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { findLapsed, type LapsedSession } from '#lib/services/access/find-lapsed.ts';
import { findSession, type SignedIn } from '#lib/services/access/find-session.ts';
import type { SessionInput } from '#lib/services/access/look-up-session.ts';
import type { Role } from '#lib/services/access/role.ts';
import { type WebConfig, webConfig } from './configuration.ts';
import { readDatabase } from './database.ts';
import { listening } from './listening.ts';

/** The session cookie’s name, before the prefix that https gives it. */
export const SESSION_COOKIE = 'modeltrail';

/** Who asks for a page or sends a form, and what they may do. */
export interface Asker {
  readonly actor: Actor;
  readonly role: Role;
  /** How we know; null for somebody at this machine, of a dashboard that is open there without sign-in. */
  readonly session: SignedIn | null;
}

/** Null where nobody whom we know asks: without a session, and without a configuration that says that none is needed here. */
export async function whoAsks(headers: Headers): Promise<Asker | null> {
  const config = webConfig();
  if (config === null) return null;
  const session = sessionOf(headers, config);
  if (session !== null) {
    const { userId: id, name, role } = session;
    return { actor: { kind: 'user', id, name }, role, session };
  }
  if (config.access.withoutSignIn !== 'loopback' || refusalOfRemote(headers, listening()) !== null) return null;
  return { actor: { kind: 'loopback' }, role: 'admin', session: null };
}

/** Whether cookies of ours are for https alone. */
export function isSecure({ access }: WebConfig): boolean {
  return access.publicUrl?.startsWith('https:') === true;
}

/** The session of a browser for which its identity provider must be asked again, where that is all that it lacks. */
export function lapsedSession(headers: Headers): LapsedSession | null {
  const config = webConfig();
  return config === null ? null : ofSession(headers, config, findLapsed);
}

function sessionOf(headers: Headers, config: WebConfig): SignedIn | null {
  return ofSession(headers, config, findSession);
}

function ofSession<T>(
  headers: Headers,
  config: WebConfig,
  find: (database: OpenDatabase, input: SessionInput) => T | null,
): T | null {
  const secret = readCookie(headers, SESSION_COOKIE, isSecure(config));
  if (secret === null) return null;
  const database = readDatabase();
  if ('problem' in database) return null;
  const { sessions, oidc: providers } = config.access;
  return find(database, { secret, now: Date.now(), ...sessions, providers });
}
