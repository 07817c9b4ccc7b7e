import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { events } from './event.ts';
import { versions } from './model.ts';

/** A Sigstore bundle that could be read, whether or not it verified. The same bytes twice are one bundle. */
export const bundles = sqliteTable(
  'bundles',
  {
    /** `bdl_` and the start of the SHA-256. */
    id: text().primaryKey(),
    sha256: text().notNull().unique(),
    bytes: blob({ mode: 'buffer' }).notNull(),
    mediaType: text('media_type').notNull(),
    /** `dsse` signs a statement, `message` a digest. */
    content: text({ enum: ['dsse', 'message'] }).notNull(),
    /** `verified` against the trust root in force; else refused, and why. */
    state: text({ enum: ['verified', 'refused'] }).notNull(),
    reasonCode: text('reason_code'),
    reason: text(),
    /** Of a refusal: the field or byte at fault. */
    at: text(),
    /** `Standards.id` (lib/services/standards.ts) under which it was judged: refused ones are tried again under others. */
    judgedUnder: text('judged_under').notNull().default(''),
    /** `sigstore`: logged, by a certificate of the trust root. `key`, `certificate`: trusted by the operator, in no log. */
    method: text({ enum: ['sigstore', 'key', 'certificate'] })
      .notNull()
      .default('sigstore'),
    payloadType: text('payload_type'),
    predicateType: text('predicate_type'),
    payloadSha256: text('payload_sha256'),
    /** Digests that a log entry may carry of it: of the DSSE pre-authentication encoding, or of the signed message. */
    signedSha256: text('signed_sha256'),
    signedSha384: text('signed_sha384'),
    signedSha512: text('signed_sha512'),
    signatureSha256: text('signature_sha256').notNull(),
    certificateSha256: text('certificate_sha256'),
    leafHash: text('leaf_hash'),
    /** Hex of the log id and the index that the inclusion proof authenticates. */
    logKeyId: text('log_key_id'),
    logIndex: integer('log_index'),
    /** For keys `public-key`, the key's name and `trusted key sha256:…`; for certificates of the operator's authorities `certificate`, its subject and `trusted authority NAME`. */
    sanType: text('san_type'),
    san: text(),
    issuer: text(),
    /** SHA-256 of the signing key's SPKI DER, lowercase hex. */
    keySha256: text('key_sha256'),
    signedAt: integer('signed_at'),
    signedAtSource: text('signed_at_source', {
      enum: ['timestamp-authority', 'sct', 'certificate', 'integrated-time', 'first-seen'],
    }),
    versionId: text('version_id').references(() => versions.id),
    eventId: text('event_id').references(() => events.id),
    /** How the entry was found: by its leaf, or by digest, signature and certificate. */
    linkedBy: text('linked_by', { enum: ['leaf', 'digest'] }),
    checks: text().notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    index('bundles_leaf').on(t.leafHash),
    index('bundles_signature').on(t.signatureSha256),
    // What was signed in an event, without reading the bundles.
    index('bundles_event').on(t.eventId, t.state, t.versionId, t.id),
    index('bundles_signer').on(t.san, t.issuer, t.state, t.signedAt, t.versionId),
    index('bundles_key').on(t.keySha256).where(sql`key_sha256 IS NOT NULL`),
    index('bundles_certificate').on(t.certificateSha256).where(sql`certificate_sha256 IS NOT NULL`),
    // Signings of versions within a time.
    index('bundles_signed').on(t.signedAt, t.state, t.versionId).where(sql`version_id IS NOT NULL`),
    // Whether a statement counts, and when it was signed.
    index('bundles_told').on(t.id, t.state, t.signedAt),
    index('bundles_state').on(t.state, t.judgedUnder),
    index('bundles_listed').on(t.state, t.firstSeenAt, t.id),
    // All that the model pages need of a signing, so that they never read the bundles' bytes.
    index('bundles_signings')
      .on(t.versionId, t.state, t.signedAt, t.firstSeenAt, t.id, t.san, t.issuer, t.eventId, t.logIndex)
      .where(sql`version_id IS NOT NULL`),
  ],
);

/** What a bundle's statement is about, one row a subject and digest algorithm. */
export const bundleSubjects = sqliteTable(
  'bundle_subjects',
  {
    bundleId: text('bundle_id')
      .notNull()
      .references(() => bundles.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    name: text().notNull(),
    algorithm: text().notNull(),
    digest: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bundleId, t.position, t.algorithm] }),
    index('bundle_subjects_digest').on(t.digest),
    // Bundles of several subjects.
    index('bundle_subjects_second').on(t.bundleId).where(sql`position = 1`),
  ],
);
