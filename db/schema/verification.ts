import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { models, versions } from './model.ts';

/** What the answer to a list of hashes can be (lib/provenance/verification.ts). */
const OUTCOMES = [
  'verified',
  'signed-not-logged',
  'unexpected-signer',
  'unsigned',
  'partial',
  'differs',
  'not-comparable',
  'unknown',
] as const;

/** A list of hashes that was handed in to be verified: the receipt, which stays. */
export const verifications = sqliteTable(
  'verifications',
  {
    /** `vrf_` and 128 random bits: who has the address may read the receipt, and nobody can guess it. */
    id: text().primaryKey(),
    createdAt: integer('created_at').notNull(),
    channel: text({ enum: ['browser', 'api', 'cli'] }).notNull(),
    /** The token's name for the API; `browser` or `command line` else. */
    source: text().notNull(),
    /** What was checked and where, as its sender calls it: `kserve/prod granite`. A claim. */
    place: text(),
    /** The form that it came in (lib/hash-list/hash-list.ts). */
    form: text().notNull(),
    /** What the list calls the model; a claim. */
    name: text(),
    fileCount: integer('file_count').notNull(),
    /** SHA-256 of the list in our own JSON form, lowercase hex. */
    listSha256: text('list_sha256').notNull(),
    /** The list in our own JSON form, gzip. */
    list: blob({ mode: 'buffer' }).notNull(),
    /** What the sender said that it should be; null where they asked what it is. */
    expectedModelId: text('expected_model_id').references(() => models.id),
    expectedVersionId: text('expected_version_id').references(() => versions.id),
    /** JSON of `Expectation` as it was asked; null without one. */
    expectation: text(),
  },
  (t) => [
    index('verifications_listed').on(t.createdAt, t.id),
    index('verifications_expected').on(t.expectedModelId, t.channel, t.source, t.place, t.expectation),
  ],
);

/** Each time that a list was judged: when it came, and whenever somebody asked whether it would still verify. */
export const verificationRuns = sqliteTable(
  'verification_runs',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    verificationId: text('verification_id')
      .notNull()
      .references(() => verifications.id, { onDelete: 'cascade' }),
    at: integer().notNull(),
    outcome: text({ enum: OUTCOMES }).notNull(),
    /** Whether it is what was expected; null where nothing was. */
    isExpected: integer('is_expected', { mode: 'boolean' }),
    /** The version that it is, or comes closest to. */
    versionId: text('version_id').references(() => versions.id),
    /** `Standards.id` (lib/services/standards.ts) in force. */
    judgedUnder: text('judged_under').notNull(),
    /** JSON of `VerificationAnswer` (lib/provenance/verification.ts), gzip. */
    answer: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [
    index('verification_runs_of').on(t.verificationId, t.id),
    index('verification_runs_version').on(t.versionId, t.at),
  ],
);
