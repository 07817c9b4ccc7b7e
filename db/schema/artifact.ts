import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { bundles } from './bundle.ts';

/** What a link can be, the best first (lib/provenance/link-state.ts). */
const LINK_STATES = ['verified', 'parent-unsigned', 'parent-unknown', 'declared', 'conflict'] as const;
const SIGNATURE_STATES = ['verified', 'unlogged', 'unexpected', 'unsigned', 'unknown'] as const;

/**
 * A thing with digests: a set of model files, a data set, a commit, an image. Known by its aliases; two that turn out to
 * share one become one, the one known first.
 */
export const artifacts = sqliteTable(
  'artifacts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    kind: text({ enum: ['model', 'dataset', 'code', 'environment', 'component'] }).notNull(),
    /** What signed statements, else what links call it: a claim, for people. */
    name: text(),
    /**
     * `verified`: a signature by an expected signer, logged. `unlogged`: by a key or authority that the operator trusts, in no log.
     * `unexpected`: signed, but by nobody who is expected to. `unsigned`: seen without a good signature. `unknown`: only named by a digest or a name.
     */
    signature: text({ enum: SIGNATURE_STATES }).notNull().default('unknown'),
    signatureReason: text('signature_reason').notNull().default('Nothing but a mention of it has been seen.'),
    /** Earliest proven time of a signature that counts; null without one. Milliseconds. */
    signedAt: integer('signed_at'),
    /** The weakest of all links upstream; null where no input is stated. */
    weakest: text({ enum: LINK_STATES }),
    /** The link that makes it so: its own, or the first of the way there. */
    weakestLinkId: integer('weakest_link_id'),
    /** Direct inputs stated, and how many of them by digest. */
    inputs: integer().notNull().default(0),
    pinnedInputs: integer('pinned_inputs').notNull().default(0),
    /** Since when signature and weakest link are what they are. */
    verdictSince: integer('verdict_since').notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    index('artifacts_kind').on(t.kind, t.id),
    index('artifacts_name').on(t.name),
    index('artifacts_signed').on(t.signedAt, t.kind),
  ],
);

/** The names under which one artifact is known. Digests of one algorithm are one space: an OMS root is a SHA-256 like any other. */
export const artifactAliases = sqliteTable(
  'artifact_aliases',
  {
    /** `sha256`, `sha384`, `sha512`, `blake2b`, `blake3`, `git` (a commit), `hf` (repository@commit) or `name` (a name or address without a digest). */
    scheme: text().notNull(),
    value: text().notNull(),
    artifactId: integer('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    /** What the value is of the artifact. */
    kind: text({
      enum: [
        'oms-root',
        'other-order-root',
        'manifest-id',
        'file',
        'oci-manifest',
        'repository',
        'commit',
        'stated',
        'name',
      ],
    }).notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.scheme, t.value] }), index('artifact_aliases_artifact').on(t.artifactId)],
);

/** What facts say of how something was built: each in an index of its own, so that it is found without reading all facts. */
export const STATED_IN_FACTS = {
  builder: "facts ->> '$.builder.value'",
  repository: "facts ->> '$.repository.value'",
  commit: "facts ->> '$.commit.value'",
  entryPoint: "facts ->> '$.entryPoint.value'",
} as const;

/** A statement that is not a model signature, as we understand it: one a verified bundle. */
export const attestations = sqliteTable(
  'attestations',
  {
    bundleId: text('bundle_id')
      .primaryKey()
      .references(() => bundles.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    /** JSON of `AttestationFacts` (lib/attestation/facts.ts). */
    facts: text().notNull(),
  },
  (t) => [
    index('attestations_kind').on(t.kind),
    // With the bundle: what incidents ask of tens of thousands is answered from the indexes alone.
    index('attestations_built_by').on(sql.raw(`(${STATED_IN_FACTS.builder})`), t.bundleId),
    index('attestations_built_from').on(sql.raw(`(${STATED_IN_FACTS.repository})`), t.bundleId),
    index('attestations_built_at').on(sql.raw(`(${STATED_IN_FACTS.commit})`), t.bundleId),
    index('attestations_built_with').on(sql.raw(`(${STATED_IN_FACTS.entryPoint})`), t.bundleId),
  ],
);

/** An unsigned file that declares where a model comes from. */
export const declarations = sqliteTable(
  'declarations',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    source: text().notNull(),
    path: text().notNull(),
    kind: text().notNull(),
    sha256: text().notNull(),
    /** The model that it lies beside. */
    artifactId: integer('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    /** JSON of `DeclarationFacts` (lib/declaration/facts.ts). */
    facts: text().notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    uniqueIndex('declarations_path').on(t.source, t.path, t.artifactId),
    index('declarations_artifact').on(t.artifactId),
  ],
);

/**
 * The child of a link, negative where the link does not prove that the child is made of its parent: it has no digest, or it is
 * said by somebody without a say, or it contradicts what else is known. What an incident spreads along, in an index of its own.
 */
export const SPREADS =
  "CASE WHEN basis = 'attester' AND state <> 'declared' AND state <> 'conflict' THEN child_id ELSE -child_id END";

/** One input of a child as one document states it. Several documents may state the same. */
export const links = sqliteTable(
  'links',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    childId: integer('child_id')
      .notNull()
      .references(() => artifacts.id),
    parentId: integer('parent_id')
      .notNull()
      .references(() => artifacts.id),
    role: text({
      enum: ['base-model', 'adapter', 'component', 'quantised-from', 'merged-from', 'dataset', 'code', 'environment'],
    }).notNull(),
    /** Who says so: a verified statement (of an expected signer or not: that is judged), or an unsigned file. One of the two. */
    bundleId: text('bundle_id').references(() => bundles.id, { onDelete: 'cascade' }),
    declarationId: integer('declaration_id').references(() => declarations.id, { onDelete: 'cascade' }),
    /** Whose word it is: of one who may state where the child comes from, of somebody else, or an unsigned file's. */
    basis: text({ enum: ['attester', 'outsider', 'declaration'] }).notNull(),
    /** Its place among the links of that document. */
    position: integer().notNull(),
    name: text(),
    uri: text(),
    /** JSON of `SubjectDigest[]`; empty for a name alone. */
    digests: text().notNull(),
    /** The field that states it. */
    at: text().notNull(),
    state: text({ enum: LINK_STATES }).notNull(),
    reason: text().notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    index('links_child').on(t.childId, t.parentId, t.role, t.state),
    index('links_parent').on(t.parentId, t.childId),
    index('links_spread').on(t.parentId, sql.raw(`(${SPREADS})`)),
    index('links_uri').on(t.uri).where(sql`uri IS NOT NULL`),
    index('links_name').on(t.name).where(sql`name IS NOT NULL`),
    index('links_data').on(t.childId).where(sql`role = 'dataset'`),
    // Of whom a statement says what went in, without reading the links.
    index('links_stated').on(t.bundleId, t.childId, t.basis),
    uniqueIndex('links_bundle').on(t.bundleId, t.childId, t.position),
    uniqueIndex('links_declaration').on(t.declarationId, t.childId, t.position),
  ],
);

/**
 * Another random value after every change of what links spread along, by triggers (migration 0008): what was read of all links
 * holds as long as it is the same, rolled back or not. One row.
 */
export const linksVersion = sqliteTable('links_version', {
  id: integer().primaryKey(),
  version: text().notNull(),
});

/** Every verdict that an artifact has had: "broken since …, because …". */
export const verdicts = sqliteTable(
  'verdicts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    artifactId: integer('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    at: integer().notNull(),
    signature: text({ enum: SIGNATURE_STATES }).notNull(),
    weakest: text({ enum: LINK_STATES }),
    /** The link at fault in words, or what mended it. */
    reason: text().notNull(),
    /** What arrived and changed it: `bundle bdl_…`, `declaration path`, `configuration`, `trust root`. */
    cause: text().notNull(),
  },
  (t) => [index('verdicts_artifact').on(t.artifactId, t.at, t.id), index('verdicts_at').on(t.at)],
);
