import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

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

/** Answers to requests that carried an Idempotency-Key, so that a client that heard nothing can ask again. */
export const idempotentRequests = sqliteTable(
  'idempotent_requests',
  {
    /** The token's id: keys of one client are nothing to another. */
    tokenId: text('token_id').notNull(),
    key: text().notNull(),
    /** SHA-256 over method, path, query and body, lowercase hex. */
    requestSha256: text('request_sha256').notNull(),
    status: integer().notNull(),
    contentType: text('content_type').notNull(),
    body: blob({ mode: 'buffer' }).notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tokenId, t.key] }), index('idempotent_requests_at').on(t.at)],
);
