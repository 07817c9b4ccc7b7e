import type { OpenDatabase } from '#db/client.ts';
import type { ChainFault } from '#lib/provenance/audit-chain.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { type AuditEntry, listAudit } from '#lib/services/audit/list.ts';

/** What was done about an incident, the newest first, and what is wrong with its chain of hashes; null where nothing is. */
export async function listIncidentAudit(
  database: OpenDatabase,
  { id, limit, before }: { readonly id: string; readonly limit: number; readonly before?: number | undefined },
): Promise<{ readonly entries: readonly AuditEntry[]; readonly fault: ChainFault | null }> {
  const [entries, fault] = await Promise.all([
    listAudit(database, { chain: id, limit, ...(before !== undefined && { before }) }),
    checkAuditChain(database, id),
  ]);
  return { entries, fault };
}
