import { and, asc, eq, gt } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import type { ChainedEntry } from '#lib/provenance/audit-chain.ts';

const AT_ONCE = 1000;

/** Every entry as it is stored, in the order in which they were written: `actor` and `detail` byte for byte as they were hashed. */
export function* exportAudit({ db }: OpenDatabase, { chain }: { readonly chain?: string }): Generator<ChainedEntry> {
  for (let after = 0; ; ) {
    const rows = db
      .select()
      .from(auditEntries)
      .where(and(gt(auditEntries.row, after), chain === undefined ? undefined : eq(auditEntries.chain, chain)))
      .orderBy(asc(auditEntries.row))
      .limit(AT_ONCE)
      .all();
    for (const { row, ...entry } of rows) {
      after = row;
      yield entry;
    }
    if (rows.length < AT_ONCE) return;
  }
}
