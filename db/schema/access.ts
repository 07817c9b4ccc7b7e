import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Tokens of the API. The token itself is shown once and never stored. */
export const tokens = sqliteTable('tokens', {
  /** `tok_` and the start of the hash. */
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** SHA-256 of the whole token, lowercase hex. */
  sha256: text().notNull().unique(),
  /** Its first characters, so that people tell their tokens apart. */
  start: text().notNull(),
  /** JSON string array. */
  scopes: text().notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at'),
  lastUsedAt: integer('last_used_at'),
  revokedAt: integer('revoked_at'),
});
