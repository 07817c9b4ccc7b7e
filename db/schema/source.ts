import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { bundles } from './bundle.ts';

/** How a file reached us. */
const CHANNELS = ['directory', 'folder', 'oci', 'github', 'upload', 'api', 'cli'] as const;

/** Each file that was brought to us, by whatever way, with what became of it. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    channel: text({ enum: CHANNELS }).notNull(),
    /** The source's name in the configuration; the token's for the API; `browser` or `command line` else. */
    source: text().notNull(),
    /** Path in the source, with `#line` for one of several bundles in a file. */
    path: text().notNull(),
    size: integer().notNull(),
    modifiedAt: integer('modified_at').notNull(),
    sha256: text(),
    outcome: text({ enum: ['accepted', 'refused'] }).notNull(),
    reasonCode: text('reason_code'),
    reason: text(),
    /** The field or byte at fault: `verificationMaterial.tlogEntries[0]`, `byte 118`. */
    at: text(),
    bundleId: text('bundle_id').references(() => bundles.id),
    checkedAt: integer('checked_at').notNull(),
  },
  (t) => [
    uniqueIndex('deliveries_path').on(t.source, t.path),
    index('deliveries_outcome').on(t.outcome, t.checkedAt),
    index('deliveries_sha256').on(t.sha256),
  ],
);

/** Bytes that could not even be read as a bundle, kept so that a later version can try them again. */
export const refusedFiles = sqliteTable('refused_files', {
  sha256: text().primaryKey(),
  bytes: blob({ mode: 'buffer' }).notNull(),
  code: text().notNull(),
  reason: text().notNull(),
  at: text(),
  firstSeenAt: integer('first_seen_at').notNull(),
  triedAt: integer('tried_at').notNull(),
  /** `Standards.id` (lib/services/standards.ts) at the last try: tried again only under other ones. */
  judgedUnder: text('judged_under').notNull(),
});

/** The last result of each source that is polled. */
export const sourceStates = sqliteTable('source_states', {
  name: text().primaryKey(),
  kind: text({ enum: ['directory', 'folder', 'oci', 'github', 'rekor-index'] }).notNull(),
  /** Where it is, for people. */
  location: text().notNull(),
  lastRunAt: integer('last_run_at'),
  lastSuccessAt: integer('last_success_at'),
  /** Of the last run; null where it went well. */
  error: text(),
  /** Failures one after the other: what the back-off grows with. */
  failures: integer().notNull().default(0),
  nextRunAt: integer('next_run_at'),
  /** JSON: label to count of the last run (`read`, `accepted`, `refused`, `unchanged`, `skipped`). */
  result: text().notNull().default('{}'),
  /** JSON for the source itself: ETags, cursors. */
  memory: text().notNull().default('{}'),
});

/** Entries that a log's search index names for an OMS root. The index proves nothing: what was proved stands in `state`. */
export const indexHits = sqliteTable(
  'index_hits',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    root: text().notNull(),
    /** Base address of the log asked. */
    logUrl: text('log_url').notNull(),
    /** The entry's id as the log gives it. */
    entryUuid: text('entry_uuid').notNull(),
    /** `verified`: inclusion, checkpoint and certificate were proved. `known`: a bundle of it is here already. */
    state: text({ enum: ['verified', 'refused', 'known'] }).notNull(),
    reason: text().notNull(),
    eventId: text('event_id'),
    foundAt: integer('found_at').notNull(),
  },
  (t) => [uniqueIndex('index_hits_entry').on(t.root, t.logUrl, t.entryUuid), index('index_hits_event').on(t.eventId)],
);

/** Trust roots that were in force, so that every process judges by the same one. */
export const trustRoots = sqliteTable('trust_roots', {
  sha256: text().primaryKey(),
  json: blob({ mode: 'buffer' }).notNull(),
  firstUsedAt: integer('first_used_at').notNull(),
});
