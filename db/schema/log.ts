import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * One shard of a transparency log, with its two cursors.
 * Sizes are entry counts; ranges are RFC 6962 compact ranges over [0, size) as concatenated 32-byte hashes.
 * `downloaded*` runs ahead of `verified*` while a checkpoint is being caught up with, and is rewound to it on a mismatch.
 */
export const logs = sqliteTable('logs', {
  id: integer().primaryKey({ autoIncrement: true }),
  origin: text().notNull().unique(),
  /** Rekor v1 counts a log for each of its trees; `ct-rfc6962` and `ct-static` are certificate logs. */
  api: text({ enum: ['rekor-v2', 'rekor-v1', 'ct-rfc6962', 'ct-static'] }).notNull(),
  /** The server that several trees belong to: all of its trees share a name here. The origin itself for a log of its own. */
  instance: text().notNull().default(''),
  /** Rekor v1: the tree's id, decimal, beyond what a number holds. */
  treeId: text('tree_id'),
  /** What the server adds to an index of this tree where it counts through all of its trees. */
  indexOffset: integer('index_offset').notNull().default(0),
  /** The size at which the log says that it ends: an inactive tree, or a shard whose checkpoint says that it is frozen. */
  finalSize: integer('final_size'),
  /** `entries`: every entry is read. `index`: heads only; entries are found through a certificate log and a search index. */
  reading: text({ enum: ['entries', 'index'] })
    .notNull()
    .default('entries'),
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
  /** `full`: every entry and tile is kept on disk. */
  mirror: text({ enum: ['matches', 'full'] })
    .notNull()
    .default('matches'),
  /** How far the mirror on disk is whole, in entries, and what it takes there, in bytes. */
  mirrorSize: integer('mirror_size').notNull().default(0),
  mirrorBytes: integer('mirror_bytes').notNull().default(0),
  /** Why the mirror stands still; null where it goes on. */
  mirrorProblem: text('mirror_problem'),
  createdAt: integer('created_at').notNull(),
});

/** Every distinct signed head of a log that reached us, by whatever way, with what was proved of it. */
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
    /**
     * `observed`: signature good, not compared yet. `verified`: consistent with the one before and its root recomputed from
     * the entries. `consistent`: proved to be a state of the tree that we verified. `inconsistent`: evidence of misbehaviour.
     */
    state: text({ enum: ['observed', 'verified', 'consistent', 'inconsistent'] }).notNull(),
    /** Where it was first met: the log itself, an entry's own proof, a witness, a second address of the log, or a bundle. */
    seenFrom: text('seen_from', { enum: ['log', 'entry', 'witness', 'vantage', 'bundle'] })
      .notNull()
      .default('log'),
    /** The witness, the address or the bundle; null where it was the log itself. */
    seenAt: text('seen_at'),
    /** The size of the verified checkpoint before it, and the RFC 6962 consistency proof between them (concatenated hashes). */
    previousSize: integer('previous_size'),
    consistencyProof: blob('consistency_proof', { mode: 'buffer' }),
    cosignatures: integer().notNull().default(0),
    /** JSON: `{name, timestamp}` of each known witness that cosigned; seconds since the epoch. */
    cosigners: text().notNull().default('[]'),
    /** Whether the policy's quorum is met; null where there was no policy. */
    quorum: integer({ mode: 'boolean' }),
    firstSeenAt: integer('first_seen_at').notNull(),
    verifiedAt: integer('verified_at'),
  },
  (t) => [
    uniqueIndex('checkpoints_note').on(t.logId, t.noteSha256),
    index('checkpoints_size').on(t.logId, t.size),
    index('checkpoints_open').on(t.logId, t.state, t.size),
  ],
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

/** A search of entries that the tail did not read: of the past of a log, or for a rule that came later. */
export const backfills = sqliteTable(
  'backfills',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    logId: integer('log_id')
      .notNull()
      .references(() => logs.id),
    /** `history`: by every rule, which makes coverage. `rules`: by the rules in `rules` alone. */
    kind: text({ enum: ['history', 'rules'] }).notNull(),
    /** JSON string array: names of rules; null for all. */
    rules: text(),
    startIndex: integer('start_index').notNull(),
    /** Exclusive. */
    endIndex: integer('end_index').notNull(),
    /** Where the next range that nobody has taken ends (exclusive): work goes from the newest to the oldest. */
    nextEnd: integer('next_end').notNull(),
    state: text({ enum: ['open', 'done', 'stopped'] }).notNull(),
    /** Entries read, and events found, so far. */
    entries: integer().notNull().default(0),
    events: integer().notNull().default(0),
    /** Entries a second of late. */
    rate: integer(),
    createdAt: integer('created_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [index('backfills_open').on(t.logId, t.state)],
);

/** A range of a back-fill that a worker has taken, or done. One whose lease ran out is taken by the next. */
export const backfillRanges = sqliteTable(
  'backfill_ranges',
  {
    backfillId: integer('backfill_id')
      .notNull()
      .references(() => backfills.id, { onDelete: 'cascade' }),
    startIndex: integer('start_index').notNull(),
    endIndex: integer('end_index').notNull(),
    holder: text().notNull(),
    expiresAt: integer('expires_at').notNull(),
    doneAt: integer('done_at'),
  },
  (t) => [primaryKey({ columns: [t.backfillId, t.startIndex] })],
);

/**
 * Which entries were held against a rule as it is now: those of the log's coverage that stand in one of its ranges.
 * A rule that came late has not seen what was before.
 */
export const ruleSearches = sqliteTable(
  'rule_searches',
  {
    logId: integer('log_id')
      .notNull()
      .references(() => logs.id),
    rule: text().notNull(),
    /** SHA-256 of the rule's definition: a changed rule searches anew. */
    definition: text().notNull(),
    startIndex: integer('start_index').notNull(),
    /** Exclusive; null for the range that grows with the log. */
    endIndex: integer('end_index'),
    since: integer().notNull(),
    /** When the entries that are stored were held against it too, of the range that grows; null while that is to be done. */
    storedAt: integer('stored_at'),
  },
  (t) => [primaryKey({ columns: [t.logId, t.rule, t.startIndex] })],
);
