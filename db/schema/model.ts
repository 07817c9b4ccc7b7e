import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { artifacts } from './artifact.ts';

/** A model by the name that its signed statements give it. A name is a claim: who signed is shown beside it, always. */
export const models = sqliteTable(
  'models',
  {
    /** `mdl_` and a digest of the name. */
    id: text().primaryKey(),
    name: text().notNull().unique(),
    slug: text().notNull().unique(),
    firstSeenAt: integer('first_seen_at').notNull(),
    /** The version signed last, else seen last, and when: what lists show and are sorted by. Kept by `refreshModel`. */
    newestVersionId: text('newest_version_id'),
    lastSignedAt: integer('last_signed_at'),
  },
  (t) => [index('models_last_signed').on(t.lastSignedAt, t.id)],
);

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
    /** Its node in the graph; every name of the same files has the same. */
    artifactId: integer('artifact_id').references(() => artifacts.id),
    /**
     * `signed`: a verified signature lists its files. `observed`: its files lay in a source, and nobody has shown a
     * signature. `registered`: its maker stated its files, and nobody has shown a signature.
     */
    seenAs: text('seen_as', { enum: ['signed', 'observed', 'registered'] })
      .notNull()
      .default('signed'),
    /** What people call it, `1.1.0` or a commit: as provenance or the source says, a claim. */
    label: text(),
    method: text({ enum: ['files', 'shards'] }).notNull(),
    hashType: text('hash_type').notNull(),
    fileCount: integer('file_count').notNull(),
    /** JSON string array: what the signer left out of the signature. */
    ignorePaths: text('ignore_paths').notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    uniqueIndex('versions_root').on(t.modelId, t.root),
    index('versions_by_root').on(t.root),
    index('versions_artifact').on(t.artifactId),
    // From a signing to its artifact, for tens of thousands.
    index('versions_node').on(t.id, t.artifactId),
  ],
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
