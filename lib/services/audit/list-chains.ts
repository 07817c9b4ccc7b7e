import { count, desc, max } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';

export interface AuditChain {
  readonly chain: string;
  readonly entries: number;
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
}

/** The audit chains that there are, the last written first. */
export async function listAuditChains({ db }: OpenDatabase): Promise<readonly AuditChain[]> {
  const rows = db
    .select({ chain: auditEntries.chain, entries: count(), lastAt: max(auditEntries.at) })
    .from(auditEntries)
    .groupBy(auditEntries.chain)
    .orderBy(desc(max(auditEntries.at)))
    .all();
  return rows.map((row) => ({ ...row, lastAt: row.lastAt ?? 0 }));
}
