import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Signings of our own, made to see that the whole way from signer to alarm works. */
export const canaries = sqliteTable('canaries', {
  id: integer().primaryKey({ autoIncrement: true }),
  /** SHA-256 in lowercase hex of what was signed. */
  digest: text().notNull(),
  signedAt: integer('signed_at').notNull(),
  logOrigin: text('log_origin'),
  logIndex: integer('log_index'),
  /** When its event was in the database; null while it is awaited, or for ever. */
  seenAt: integer('seen_at'),
  eventId: text('event_id'),
  /** Why signing failed. */
  error: text(),
});
