import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Models and versions that anybody may see, and what of them. */
export const publications = sqliteTable(
  'publications',
  {
    /** `pub_` and 128 random bits. */
    id: text().primaryKey(),
    kind: text({ enum: ['model', 'version'] }).notNull(),
    /** `mdl_…` or `ver_…`. */
    targetId: text('target_id').notNull(),
    /** Its address below /p/. */
    slug: text().notNull().unique(),
    /** JSON of `SharedParts` (lib/provenance/shared-parts.ts): what the page shows. */
    parts: text().notNull(),
    publishedAt: integer('published_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Taken back: the address answers that it was, and shows nothing. */
    withdrawnAt: integer('withdrawn_at'),
  },
  (t) => [uniqueIndex('publications_target').on(t.kind, t.targetId)],
);

/** Addresses that show one page to whoever has them, for a time. */
export const shareLinks = sqliteTable(
  'share_links',
  {
    /** SHA-256 of the secret in the address, lowercase hex. */
    id: text().primaryKey(),
    kind: text({ enum: ['model', 'version'] }).notNull(),
    targetId: text('target_id').notNull(),
    parts: text().notNull(),
    /** For whom, in the words of who made it. */
    note: text().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    lastUsedAt: integer('last_used_at'),
  },
  (t) => [index('share_links_target').on(t.kind, t.targetId)],
);

/** What changed about a published thing, for its feed. */
export const publicationChanges = sqliteTable(
  'publication_changes',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    publicationId: text('publication_id')
      .notNull()
      .references(() => publications.id, { onDelete: 'cascade' }),
    /** `version`, `state`, `notice`, `published`. */
    kind: text({ enum: ['published', 'version', 'state', 'notice', 'retraction'] }).notNull(),
    /** One sentence. */
    statement: text().notNull(),
    /** What this change is, so that it is told once. */
    key: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [
    uniqueIndex('publication_changes_key').on(t.publicationId, t.key),
    index('publication_changes_at').on(t.publicationId, t.at),
  ],
);
