import { min } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { logs } from '#db/schema/log.ts';
import { newestBackUp } from './newest-back-up.ts';

const DAY = 86_400_000;

/**
 * Whether the nightly backup did not happen, as on a machine that is off at night: the last one, or without one the first
 * log that was followed, is older than a day. A database that follows nothing yet has nothing to be kept.
 *
 * @param now milliseconds since the epoch.
 */
export function isBackUpMissed(database: OpenDatabase, now: number): boolean {
  if (database.sqlite.memory) return false;
  const first = database.db
    .select({ at: min(logs.createdAt) })
    .from(logs)
    .get();
  const at = newestBackUp(database) ?? first?.at ?? null;
  return at !== null && now - at > DAY;
}
