import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Everything that somebody changed or decided, in chains of hashes (lib/provenance/audit-chain.ts): a row that is changed or
 * taken out breaks its chain. Rows are added, never changed.
 */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    row: integer().primaryKey({ autoIncrement: true }),
    /** `access`, `settings`, `sharing`, `alerts`, `deployments`, or an incident's id. */
    chain: text().notNull(),
    /** Its place in the chain, from 1. */
    seq: integer().notNull(),
    /** Milliseconds since the epoch. */
    at: integer().notNull(),
    /** JSON of `Actor` (lib/services/access/actor.ts), as they were called then. */
    actor: text().notNull(),
    /** `incident.opened`, `user.role-changed`, …: what, past tense. */
    action: text().notNull(),
    /** What it was done to: an id; empty where the chain says it. */
    target: text().notNull(),
    /** JSON object: what there is to know of it. No secrets. */
    detail: text().notNull(),
    /** Lowercase hex of the hash before it in the chain; 64 zeros for the first. */
    previous: text().notNull(),
    hash: text().notNull(),
  },
  (t) => [
    uniqueIndex('audit_entries_place').on(t.chain, t.seq),
    index('audit_entries_at').on(t.at, t.row),
    index('audit_entries_target').on(t.target, t.row),
  ],
);
