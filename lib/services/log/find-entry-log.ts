import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { logs } from '#db/schema/log.ts';
import { checkpointOrigin } from '#lib/services/event/entry-event-id.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import type { LogRow } from './position.ts';

/**
 * The followed log that an entry of a bundle or an index is in. The trees of a Rekor v1 server share its key: the origin of
 * the checkpoint, which was verified, says which of them it is.
 */
export function findEntryLog(tx: Writer, entry: Pick<BundleLogEntry, 'logId' | 'proof'>): LogRow | undefined {
  const known = tx.select().from(logs).where(eq(logs.logId, entry.logId)).all();
  const origin = checkpointOrigin(entry);
  return known.find((log) => log.origin === origin) ?? known.find(({ api }) => api !== 'rekor-v1');
}
