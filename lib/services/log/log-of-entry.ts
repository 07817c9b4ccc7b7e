import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { logs } from '#db/schema/log.ts';
import type { BundleLogEntry } from '#lib/sigstore/bundle-log-entry.ts';
import type { LogRow } from './position.ts';

/**
 * The followed log that an entry in a bundle is of; undefined where we follow none of that kind. The trees of a Rekor v1
 * server share a key: the origin of the checkpoint tells them apart.
 */
export function logOfEntry(tx: Writer, { logId, proof }: Pick<BundleLogEntry, 'logId' | 'proof'>): LogRow | undefined {
  const origin = proof?.checkpoint?.split('\n', 1)[0];
  const isLog = eq(logs.logId, logId);
  const ofOrigin =
    origin === undefined
      ? undefined
      : tx
          .select()
          .from(logs)
          .where(and(isLog, eq(logs.origin, origin)))
          .get();
  if (ofOrigin) return ofOrigin;
  const [only, another] = tx.select().from(logs).where(isLog).limit(2).all();
  return another || only?.treeId ? undefined : only;
}
