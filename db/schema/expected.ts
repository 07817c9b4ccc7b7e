import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Signings that somebody said would happen, so that only the unexpected is an alarm. All criteria given must be met. */
export const expectedSignings = sqliteTable(
  'expected_signings',
  {
    /** `exp_` and random. For those of a file: a digest of its line. */
    id: text().primaryKey(),
    /** Lowercase hex of what is signed: artifact, payload or statement. */
    digest: text(),
    san: text(),
    issuer: text(),
    /** The run that signs, as the certificate names it (Fulcio's run-invocation-uri). */
    run: text(),
    note: text(),
    /** `canary`: our own self-test (lib/services/canary), which is no alarm. */
    source: text({ enum: ['api', 'file', 'canary'] }).notNull(),
    /** The token's name, the file's path, or `canary`. */
    declaredBy: text('declared_by').notNull(),
    declaredAt: integer('declared_at').notNull(),
    /** It accounts for signings from and until then. */
    validFrom: integer('valid_from').notNull(),
    validUntil: integer('valid_until').notNull(),
    /** Most signings that it accounts for, and how many it did. */
    uses: integer().notNull().default(1),
    used: integer().notNull().default(0),
  },
  (t) => [index('expected_signings_digest').on(t.digest), index('expected_signings_until').on(t.validUntil)],
);
