import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who may run a job now; taken over once it has run out. */
export const jobLeases = sqliteTable('job_leases', {
  name: text().primaryKey(),
  holder: text().notNull(),
  expiresAt: integer('expires_at').notNull(),
});

/** The last run of each job, for the pages and for health. */
export const jobRuns = sqliteTable('job_runs', {
  name: text().primaryKey(),
  startedAt: integer('started_at').notNull(),
  finishedAt: integer('finished_at'),
  error: text(),
});

/** One row: the configuration in force as JSON, and the latest change that was refused. */
export const configState = sqliteTable('config_state', {
  id: integer().primaryKey(),
  path: text().notNull(),
  inForce: text('in_force').notNull(),
  inForceSince: integer('in_force_since').notNull(),
  refused: text(),
  refusedAt: integer('refused_at'),
  /** `tuf`, `tuf-seed` or `file`, and the SHA-256 of the trusted root in force. */
  trustSource: text('trust_source'),
  trustSha256: text('trust_sha256'),
  trustLoadedAt: integer('trust_loaded_at'),
  /** When the TUF metadata in use runs out; null without TUF. */
  trustExpiresAt: integer('trust_expires_at'),
  /**
   * JSON of `RecordedComposition` (lib/services/config/record-composition.ts): the good file as it is written, and which
   * stored items were put in force with it. Null before any were.
   */
  composition: text(),
});
