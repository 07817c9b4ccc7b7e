import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { checkpoints, logs } from './log.ts';

/** One log entry matched by a rule or claimed by a bundle, with its proof; or a bundle that is signed but not logged. */
export const events = sqliteTable(
  'events',
  {
    /** Of this database only: the search index refers to it. */
    row: integer().primaryKey({ autoIncrement: true }),
    /** `evt_` and a digest of (origin, index), so that a tail run again names the same event the same. */
    id: text().notNull().unique(),
    logId: integer('log_id').references(() => logs.id),
    logIndex: integer('log_index'),
    leafHash: text('leaf_hash'),
    /** `hashedrekord 0.0.2`, `dsse 0.0.2`, or what the bytes say of themselves; null where they say nothing readable. */
    kind: text(),
    /** The entry as the log has it, byte for byte. */
    entry: blob({ mode: 'buffer' }),
    /** `tail`: read from the log by us. `bundle`: known from a bundle's own proof only. `index`: a log's search index named it for a model, and it was proved. */
    seenBy: text('seen_by', { enum: ['tail', 'bundle', 'index'] }).notNull(),
    checkpointId: integer('checkpoint_id').references(() => checkpoints.id),
    treeSize: integer('tree_size'),
    /** RFC 6962 inclusion proof against `treeSize`, concatenated hashes from the leaf up. */
    inclusionProof: blob('inclusion_proof', { mode: 'buffer' }),
    /** What was signed, as the entry gives it: lowercase hex, and its algorithm (`sha256`, `sha384`, `sha512`). */
    digestAlgorithm: text('digest_algorithm'),
    digest: text(),
    signatureSha256: text('signature_sha256'),
    /** SHA-256 of the certificate's DER, or of the public key's SPKI DER for bare keys. */
    certificateSha256: text('certificate_sha256'),
    publicKeySha256: text('public_key_sha256'),
    /** The signer as shown: first SAN and its type. All of them, with raw bytes, are in `certificate`. */
    sanType: text('san_type'),
    san: text(),
    issuer: text(),
    /** JSON of `CertificateFacts` (lib/watch/certificate.ts); null for bare keys and undecided entries. */
    certificate: text(),
    authenticity: text({ enum: ['verified', 'impersonation', 'unverifiable'] }).notNull(),
    authenticityReason: text('authenticity_reason').notNull(),
    claim: text({ enum: ['model', 'other', 'probable', 'unclaimed'] }).notNull(),
    /** Why the entry could not be decided; null for those that could. */
    undecided: text(),
    /** The reader (lib/rekor/reader-version.ts) that could not decide it: a later one tries again. Null for decided ones. */
    undecidedBy: text('undecided_by'),
    /** The declared signing (`expected_signings`) that accounts for it; null where nobody declared one. */
    expectedBy: text('expected_by'),
    /** Milliseconds since the epoch, and what proves them. */
    signedAt: integer('signed_at'),
    signedAtSource: text('signed_at_source', {
      enum: ['timestamp-authority', 'sct', 'certificate', 'integrated-time', 'first-seen'],
    }),
    /** When our tail first saw the checkpoint that holds it, or the bundle. */
    firstSeenAt: integer('first_seen_at').notNull(),
    /** What the list is sorted by: `signedAt`, else `firstSeenAt`. */
    occurredAt: integer('occurred_at').notNull(),
    /** JSON of `Check[]` (lib/provenance/check.ts): every check made, its outcome and its evidence. */
    checks: text().notNull(),
  },
  (t) => [
    uniqueIndex('events_place').on(t.logId, t.logIndex),
    // Those of a log that a bundle has shown and the tail has not read: asked for in every round.
    index('events_seen').on(t.logId, t.seenBy, t.logIndex),
    index('events_leaf').on(t.leafHash),
    index('events_digest').on(t.digest),
    index('events_signature').on(t.signatureSha256),
    index('events_certificate').on(t.certificateSha256).where(sql`certificate_sha256 IS NOT NULL`),
    index('events_key').on(t.publicKeySha256).where(sql`public_key_sha256 IS NOT NULL`),
    index('events_occurred').on(t.occurredAt, t.id),
    index('events_san').on(t.san, t.occurredAt),
    index('events_claim').on(t.claim, t.occurredAt),
    index('events_authenticity').on(t.authenticity, t.occurredAt),
    index('events_issuer').on(t.issuer, t.occurredAt, t.id),
    index('events_log').on(t.logId, t.occurredAt, t.id),
    index('events_undecided').on(t.occurredAt, t.id).where(sql`undecided IS NOT NULL`),
    // Whole rows of "needs attention", grouped by who signed.
    index('events_attention').on(t.claim, t.authenticity, t.san, t.issuer, t.occurredAt, t.id),
  ],
);

/** Which watch rules an event met, and how. */
export const eventMatches = sqliteTable(
  'event_matches',
  {
    eventId: text('event_id')
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    rule: text().notNull(),
    /** `san`, `issuer`, `key`, `digest`, `bytes` (found in undecided bytes), or the extension's name. */
    field: text().notNull(),
    /** The matched value, as shown. */
    value: text().notNull(),
    /**
     * `exact`: byte for byte as the rule says. `folded`: only after case folding or cutting at a NUL. `look-alike`: another
     * name, which looks like the watched one. `bytes`: the watched string stands in bytes that could not be read.
     */
    how: text({ enum: ['exact', 'folded', 'look-alike', 'bytes'] }).notNull(),
    /** JSON string array: what else to know of the match (lib/watch/match-note.ts). */
    notes: text().notNull().default('[]'),
    /** Whether the rule names an identity of the own organisation, and this is no name that only looks like it. */
    own: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.eventId, t.rule] }),
    index('event_matches_rule').on(t.rule),
    index('event_matches_how').on(t.how, t.eventId),
  ],
);
