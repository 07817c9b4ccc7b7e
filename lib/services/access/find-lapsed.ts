import type { OpenDatabase } from '#db/client.ts';
import { lookUpSession, type SessionInput } from './look-up-session.ts';

/** A session that would hold, if its provider said so again. */
export interface LapsedSession {
  readonly userId: string;
  /** The provider's name in the configuration. */
  readonly provider: string;
  /** Milliseconds since the epoch: what it cannot outlast, however often the provider is asked. */
  readonly expiresAt: number;
}

/** The session of a secret, where nothing is amiss with it but that its provider must be asked again; else null. */
export function findLapsed(database: OpenDatabase, input: SessionInput): LapsedSession | null {
  const found = lookUpSession(database, input);
  if (found === null || found.vouched === null) return null;
  const { session, user, vouched } = found;
  const { provider, until } = vouched;
  if (provider === null || until > input.now) return null;
  const expiresAt = Math.min(session.expiresAt, session.createdAt + input.lifetime);
  return { userId: user.id, provider: provider.name, expiresAt };
}
