import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import type { ChainedEntry } from '#lib/provenance/audit-chain.ts';
import type { Actor } from '#lib/services/access/actor.ts';

export interface AuditEntry extends Omit<ChainedEntry, 'actor' | 'detail'> {
  readonly row: number;
  readonly actor: Actor;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditQuery {
  /** Of this chain alone; all where it is not said. */
  readonly chain?: string;
  readonly target?: string;
  /** Of actions that begin so: `user.`, or a whole one. */
  readonly action?: string;
  /** Rows before this one. */
  readonly before?: number;
  readonly limit: number;
}

/** What was changed, by whom, the newest first. */
export async function listAudit({ db }: OpenDatabase, query: AuditQuery): Promise<readonly AuditEntry[]> {
  const { chain, target, action, before, limit } = query;
  const rows = db
    .select()
    .from(auditEntries)
    .where(
      and(
        chain === undefined ? undefined : eq(auditEntries.chain, chain),
        target === undefined ? undefined : eq(auditEntries.target, target),
        action === undefined ? undefined : startsWith(auditEntries.action, action),
        before === undefined ? undefined : lt(auditEntries.row, before),
      ),
    )
    .orderBy(desc(auditEntries.row))
    .limit(limit)
    .all();
  // Written by `appendAudit` alone.
  return rows.map((row) => ({
    ...row,
    actor: JSON.parse(row.actor) as Actor,
    detail: JSON.parse(row.detail) as Readonly<Record<string, unknown>>,
  }));
}

/** Whether a text begins with another, byte for byte: nothing in it is a wildcard. */
function startsWith(column: typeof auditEntries.action, start: string): SQL {
  return sql`substr(${column}, 1, ${start.length}) = ${start}`;
}
