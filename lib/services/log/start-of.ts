import { and, eq, min } from 'drizzle-orm';
import { logs } from '#db/schema/log.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { findLog } from './position.ts';

/**
 * Where a log is taken up that was never followed. A shard that came into the trust root after we had begun to follow its
 * siblings is read from its first entry: nothing that was signed in it may have been missed. `given` says otherwise for one
 * log, `usual` for those of the first contact.
 */
export function startOf(
  { database }: Pick<ServiceContext, 'database'>,
  origin: string,
  { given, usual }: { readonly given: 'end' | number | undefined; readonly usual: 'end' | number },
): 'end' | number {
  if (given !== undefined) return given;
  const { api, source, createdAt } = findLog(database.db, origin);
  if (source !== 'trusted-root') return usual;
  const first = database.db
    .select({ at: min(logs.createdAt) })
    .from(logs)
    .where(and(eq(logs.api, api), eq(logs.source, 'trusted-root')))
    .get();
  return createdAt > (first?.at ?? createdAt) ? 0 : usual;
}
