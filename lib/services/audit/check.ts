import { asc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { type ChainFault, findChainFault } from '#lib/provenance/audit-chain.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';

/** What is wrong with a stored audit chain; null where it is whole, or empty. */
export async function checkAuditChain({ db }: OpenDatabase, chain: string): Promise<ChainFault | null> {
  const rows = db.select().from(auditEntries).where(eq(auditEntries.chain, chain)).orderBy(asc(auditEntries.seq)).all();
  return findChainFault(rows, nodeSha256);
}
