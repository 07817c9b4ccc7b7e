import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A sealed log of a training run that was handed in (docs/training-log.md). What attests it is found by its root. */
export const trainingLogs = sqliteTable(
  'training_logs',
  {
    /** `trl_` and the start of the SHA-256. */
    id: text().primaryKey(),
    /** Of the sealed file, lowercase hex. */
    sha256: text().notNull().unique(),
    /** RFC 6962 root over its entries, lowercase hex, and how many there are. */
    root: text().notNull(),
    size: integer().notNull(),
    /** What the log calls its run; a claim. */
    run: text(),
    /** JSON of `TrainingLogSummary` (lib/training-log): what pages show without reading the whole log. */
    summary: text().notNull(),
    /** The sealed file, gzip. */
    bytes: blob({ mode: 'buffer' }).notNull(),
    /** The token's name, or `command line`. */
    source: text().notNull(),
    receivedAt: integer('received_at').notNull(),
  },
  (t) => [index('training_logs_root').on(t.root, t.size)],
);
