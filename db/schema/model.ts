import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** A model by the name that its signed statements give it. A name is a claim: who signed is shown beside it, always. */
export const models = sqliteTable('models', {
  /** `mdl_` and a digest of the name. */
  id: text().primaryKey(),
  name: text().notNull().unique(),
  slug: text().notNull().unique(),
  firstSeenAt: integer('first_seen_at').notNull(),
});

/** One set of files of a model, known by its OMS root. */
export const versions = sqliteTable(
  'versions',
  {
    /** `ver_` and a digest of (model, root). */
    id: text().primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    /** Lowercase hex of the OMS root (SHA-256 over the listed digests). */
    root: text().notNull(),
    method: text({ enum: ['files', 'shards'] }).notNull(),
    hashType: text('hash_type').notNull(),
    fileCount: integer('file_count').notNull(),
    /** JSON string array: what the signer left out of the signature. */
    ignorePaths: text('ignore_paths').notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [uniqueIndex('versions_root').on(t.modelId, t.root), index('versions_by_root').on(t.root)],
);

/** The signed manifest of a version, in its signed order. */
export const versionFiles = sqliteTable(
  'version_files',
  {
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    path: text().notNull(),
    algorithm: text().notNull(),
    digest: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.position] }), index('version_files_digest').on(t.digest)],
);
