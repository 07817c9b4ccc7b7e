import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Something about a model that somebody should look at, as long as it is so, and that it was so. */
export const findings = sqliteTable(
  'findings',
  {
    /** `fnd_` and a digest of kind and subject, so that the same thing is one finding however often it is found. */
    id: text().primaryKey(),
    kind: text({
      enum: [
        'unexpected-signer',
        'changed-signer',
        'changed-workflow',
        'lost-provenance',
        'partial-provenance',
        'unsigned-version',
        'broken-link',
        'field-conflict',
        'registered-mismatch',
        'hash-mismatch',
      ],
    }).notNull(),
    modelId: text('model_id'),
    versionId: text('version_id'),
    bundleId: text('bundle_id'),
    /** One sentence for people. */
    statement: text().notNull(),
    /** JSON object: label to value, the values compared. */
    evidence: text().notNull(),
    firstAt: integer('first_at').notNull(),
    resolvedAt: integer('resolved_at'),
  },
  (t) => [
    index('findings_open').on(t.resolvedAt, t.firstAt),
    index('findings_listed').on(t.firstAt, t.id),
    index('findings_model').on(t.modelId, t.resolvedAt, t.firstAt),
  ],
);
