import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * One shard of a transparency log, with its two cursors.
 * Sizes are entry counts; ranges are RFC 6962 compact ranges over [0, size) as concatenated 32-byte hashes.
 * `downloaded*` runs ahead of `verified*` while a checkpoint is being caught up with, and is rewound to it on a mismatch.
 */
export const logs = sqliteTable('logs', {
  id: integer().primaryKey({ autoIncrement: true }),
  origin: text().notNull().unique(),
  api: text({ enum: ['rekor-v2'] }).notNull(),
  readUrl: text('read_url').notNull(),
  /** Hex of the whole log id (32 bytes); its first four bytes are the key id of the note signature. */
  logId: text('log_id').notNull(),
  keyDetails: text('key_details').notNull(),
  publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
  source: text({ enum: ['trusted-root', 'configuration'] }).notNull(),
  /** `frozen`: misbehaviour was proved, nothing is taken any more. `removed`: no longer in the configuration or trust root. */
  state: text({ enum: ['following', 'frozen', 'removed'] }).notNull(),
  /** First index that the tail covers; null before first contact. */
  startIndex: integer('start_index'),
  downloadedSize: integer('downloaded_size').notNull().default(0),
  downloadedRange: blob('downloaded_range', { mode: 'buffer' }).notNull(),
  verifiedSize: integer('verified_size').notNull().default(0),
  verifiedRange: blob('verified_range', { mode: 'buffer' }).notNull(),
  /** Size of the newest checkpoint whose signature verified: what there is to catch up with. */
  observedSize: integer('observed_size').notNull().default(0),
  lastAttemptAt: integer('last_attempt_at'),
  /** When a checkpoint was last fetched with a good signature, whether or not it had grown. */
  lastSuccessAt: integer('last_success_at'),
  /** Entries per second of the latest catch-up, for the time left. */
  rate: integer(),
  createdAt: integer('created_at').notNull(),
});

/** Every distinct signed note that the tail took up, with what was proved of it. */
export const checkpoints = sqliteTable(
  'checkpoints',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    logId: integer('log_id')
      .notNull()
      .references(() => logs.id),
    size: integer().notNull(),
    root: blob({ mode: 'buffer' }).notNull(),
    note: text().notNull(),
    noteSha256: text('note_sha256').notNull(),
    /** `observed`: signature good, entries not all read yet. `verified`: consistent with the one before and its root recomputed from the entries. `inconsistent`: evidence of misbehaviour. */
    state: text({ enum: ['observed', 'verified', 'inconsistent'] }).notNull(),
    /** The size of the verified checkpoint before it, and the RFC 6962 consistency proof between them (concatenated hashes). */
    previousSize: integer('previous_size'),
    consistencyProof: blob('consistency_proof', { mode: 'buffer' }),
    cosignatures: integer().notNull().default(0),
    firstSeenAt: integer('first_seen_at').notNull(),
    verifiedAt: integer('verified_at'),
  },
  (t) => [uniqueIndex('checkpoints_note').on(t.logId, t.noteSha256), index('checkpoints_size').on(t.logId, t.size)],
);

/** Ranges of indices of which every entry was bound to a signed root and looked at; adjacent ranges are merged. */
export const coverage = sqliteTable(
  'coverage',
  {
    logId: integer('log_id')
      .notNull()
      .references(() => logs.id),
    startIndex: integer('start_index').notNull(),
    /** Exclusive. */
    endIndex: integer('end_index').notNull(),
    verifiedAt: integer('verified_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.logId, t.startIndex] })],
);

/** What a log did wrong, or what failed on the way to it; one open row a code, counted. */
export const logFaults = sqliteTable(
  'log_faults',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    logId: integer('log_id')
      .notNull()
      .references(() => logs.id),
    code: text().notNull(),
    /** `misbehaviour` is proved by signed bytes and freezes the log; `failure` is tried again. */
    severity: text({ enum: ['failure', 'misbehaviour'] }).notNull(),
    message: text().notNull(),
    /** JSON: the raw notes, proof and sizes, so that a third party can check the claim. */
    evidence: text(),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    count: integer().notNull().default(1),
    resolvedAt: integer('resolved_at'),
  },
  (t) => [index('log_faults_open').on(t.logId, t.code, t.resolvedAt)],
);
