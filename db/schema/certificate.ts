import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { checkpoints, logs } from './log.ts';

/** Certificates of watched identities that a certificate log holds, and whether they were ever used in a Rekor log. */
export const issuedCertificates = sqliteTable(
  'issued_certificates',
  {
    /** `crt_` and a digest of (origin, index). */
    id: text().primaryKey(),
    logId: integer('log_id')
      .notNull()
      .references(() => logs.id),
    logIndex: integer('log_index').notNull(),
    leafHash: text('leaf_hash').notNull(),
    kind: text({ enum: ['x509', 'precertificate'] }).notNull(),
    /** MerkleTreeLeaf as the log has it, byte for byte (RFC 6962, 3.4). */
    leaf: blob({ mode: 'buffer' }).notNull(),
    checkpointId: integer('checkpoint_id').references(() => checkpoints.id),
    treeSize: integer('tree_size'),
    inclusionProof: blob('inclusion_proof', { mode: 'buffer' }),
    /** When the certificate log took it, by its own word in the leaf; milliseconds since the epoch. */
    issuedAt: integer('issued_at').notNull(),
    /** SHA-256 of the certificate without poison and SCTs: the same for precertificate and certificate. Null where it cannot be read. */
    tbsSha256: text('tbs_sha256'),
    spkiSha256: text('spki_sha256'),
    serial: text(),
    sanType: text('san_type'),
    san: text(),
    issuer: text(),
    notBefore: integer('not_before'),
    notAfter: integer('not_after'),
    /** JSON of `CertificateFacts`; null where it cannot be read. */
    certificate: text(),
    undecided: text(),
    /**
     * `waiting`: no entry found yet, and it is early, or not every log has been read so far. `used`: an event has it.
     * `unused`: none was found in time. `not-covered`: it is of a time at which no log was read that could have one.
     */
    state: text({ enum: ['waiting', 'used', 'unused', 'not-covered'] }).notNull(),
    /** One sentence for people: why it is in its state. */
    reason: text().notNull().default(''),
    eventId: text('event_id'),
    /** When a search index was last asked for it. */
    lookedUpAt: integer('looked_up_at'),
    lookUps: integer('look_ups').notNull().default(0),
    /** When one was last asked, whether or not it answered: those that are never answered must not stand before the others. */
    triedAt: integer('tried_at'),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    uniqueIndex('issued_certificates_place').on(t.logId, t.logIndex),
    index('issued_certificates_tbs').on(t.tbsSha256),
    index('issued_certificates_state').on(t.state, t.triedAt),
    index('issued_certificates_event').on(t.eventId),
    index('issued_certificates_issued').on(t.issuedAt, t.id),
    index('issued_certificates_san').on(t.san, t.issuedAt),
  ],
);

/** Which watch rules an issued certificate met, and how: as `event_matches`. */
export const certificateMatches = sqliteTable(
  'certificate_matches',
  {
    certificateId: text('certificate_id')
      .notNull()
      .references(() => issuedCertificates.id, { onDelete: 'cascade' }),
    rule: text().notNull(),
    field: text().notNull(),
    value: text().notNull(),
    how: text({ enum: ['exact', 'folded', 'bytes', 'look-alike'] }).notNull(),
    notes: text().notNull().default('[]'),
    own: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.certificateId, t.rule] }), index('certificate_matches_rule').on(t.rule)],
);

/** The certificate of each event without poison and SCTs: what joins it with a certificate log. */
export const eventCertificates = sqliteTable(
  'event_certificates',
  {
    eventId: text('event_id').primaryKey(),
    tbsSha256: text('tbs_sha256').notNull(),
    /** `in-ct`: a certificate log that we read has it. `waiting`: it may come yet. `missing`: it should be there and is not. `not-covered`: no log that we read covers its time. */
    state: text({ enum: ['waiting', 'in-ct', 'missing', 'not-covered'] }).notNull(),
    /** The certificate in `issued_certificates`; null where it is of no watched identity there. */
    certificateId: text('certificate_id'),
    /** DER of the certificate, as long as it waits: what the logs are asked about is made of it. */
    certificate: blob({ mode: 'buffer' }),
    /** One sentence for people: why it is in its state. */
    reason: text().notNull().default(''),
    checkedAt: integer('checked_at').notNull(),
  },
  (t) => [
    index('event_certificates_tbs').on(t.tbsSha256),
    index('event_certificates_state').on(t.state, t.checkedAt),
    index('event_certificates_certificate').on(t.certificateId),
  ],
);

/** Entries that a search index named for an address and that were looked at: none is fetched twice. */
export const lookedUpEntries = sqliteTable(
  'looked_up_entries',
  {
    logUrl: text('log_url').notNull(),
    entryUuid: text('entry_uuid').notNull(),
    /** `proved`: its place in the log was proved. `refused`: it was not, or the entry cannot be read. */
    state: text({ enum: ['proved', 'refused'] }).notNull(),
    reason: text().notNull(),
    /** Of its certificate; null for bare keys and what cannot be read. */
    tbsSha256: text('tbs_sha256'),
    eventId: text('event_id'),
    lookedAt: integer('looked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.logUrl, t.entryUuid] }), index('looked_up_entries_tbs').on(t.tbsSha256)],
);
