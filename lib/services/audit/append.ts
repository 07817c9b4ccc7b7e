import { desc, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { hashAuditEntry, NO_PREVIOUS } from '#lib/provenance/audit-chain.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { Actor } from '#lib/services/access/actor.ts';

export interface AuditInput {
  /** `access`, `settings`, `sharing`, `alerts`, `deployments`, or an incident's id. */
  readonly chain: string;
  readonly actor: Actor;
  /** What was done, past tense: `incident.opened`. */
  readonly action: string;
  /** What it was done to. */
  readonly target?: string;
  /** No secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Adds to an audit chain, in the (immediate) transaction of the change that it tells of: one without the other is not kept. */
export function appendAudit(tx: Writer, { chain, actor, action, target = '', detail = {}, at }: AuditInput): void {
  const last = tx
    .select({ seq: auditEntries.seq, hash: auditEntries.hash })
    .from(auditEntries)
    .where(eq(auditEntries.chain, chain))
    .orderBy(desc(auditEntries.seq))
    .limit(1)
    .get();
  const entry = {
    chain,
    seq: (last?.seq ?? 0) + 1,
    at,
    actor: JSON.stringify(actor),
    action,
    target,
    detail: JSON.stringify(detail),
    previous: last?.hash ?? NO_PREVIOUS,
  };
  tx.insert(auditEntries)
    .values({ ...entry, hash: hashAuditEntry(entry, nodeSha256) })
    .run();
}
