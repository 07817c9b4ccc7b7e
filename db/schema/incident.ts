import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { artifacts } from './artifact.ts';
import { bundles } from './bundle.ts';
import { events } from './event.ts';
import { users } from './user.ts';

export const INCIDENT_STATES = ['open', 'under-review', 'contained', 'closed'] as const;
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export const TIERS = ['proven', 'descendant', 'declared', 'not-excluded'] as const;

/** Something that went wrong and what it may have touched. What was done, and by whom, is its audit chain. */
export const incidents = sqliteTable(
  'incidents',
  {
    /** `inc_` and 128 random bits. */
    id: text().primaryKey(),
    /** For people: `#7`. */
    number: integer().notNull().unique(),
    title: text().notNull(),
    state: text({ enum: INCIDENT_STATES }).notNull(),
    severity: text({ enum: SEVERITIES }).notNull(),
    ownerId: text('owner_id').references(() => users.id, { onDelete: 'set null' }),
    /** JSON of `Scope` (lib/provenance/scope.ts). */
    scope: text().notNull(),
    /** What consumers are told; null where nothing is said in public yet. */
    notice: text(),
    noticeAt: integer('notice_at'),
    openedAt: integer('opened_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    closedAt: integer('closed_at'),
    /** When the scope was last worked out, and after how many changes of the graph (`graphChanges`). */
    evaluatedAt: integer('evaluated_at').notNull(),
    evaluatedOver: integer('evaluated_over').notNull(),
  },
  (t) => [index('incidents_state').on(t.state, t.openedAt)],
);

/** How often conclusions were drawn over the graph: an incident that was worked out over fewer is looked at again. One row. */
export const graphChanges = sqliteTable('graph_changes', {
  id: integer().primaryKey(),
  count: integer().notNull(),
});

/** What an incident's scope reaches, kept so that what joined when is known. */
export const incidentArtifacts = sqliteTable(
  'incident_artifacts',
  {
    incidentId: text('incident_id')
      .notNull()
      .references(() => incidents.id, { onDelete: 'cascade' }),
    artifactId: integer('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    tier: text({ enum: TIERS }).notNull(),
    /** JSON of the path and proofs that put it there. */
    path: text().notNull(),
    addedAt: integer('added_at').notNull(),
    /** Set where the scope reaches it no more. */
    leftAt: integer('left_at'),
    /** Whether it was there from the opening or the last edit of the scope, or came by itself. */
    joined: integer({ mode: 'boolean' }).notNull(),
    /** What the responder decided: `affected` refuses it even when the incident is closed, `cleared` never does. */
    decision: text({ enum: ['affected', 'cleared'] }),
    decidedAt: integer('decided_at'),
    decisionReason: text('decision_reason'),
  },
  (t) => [
    primaryKey({ columns: [t.incidentId, t.artifactId] }),
    index('incident_artifacts_artifact').on(t.artifactId, t.incidentId),
  ],
);

/** Signing events that somebody put beside an incident. */
export const incidentEvents = sqliteTable(
  'incident_events',
  {
    incidentId: text('incident_id')
      .notNull()
      .references(() => incidents.id, { onDelete: 'cascade' }),
    eventId: text('event_id')
      .notNull()
      .references(() => events.id),
    note: text().notNull(),
    addedAt: integer('added_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.incidentId, t.eventId] })],
);

/** Versions that their own signer withdrew, by a signed statement. */
export const retractions = sqliteTable(
  'retractions',
  {
    bundleId: text('bundle_id')
      .notNull()
      .references(() => bundles.id, { onDelete: 'cascade' }),
    artifactId: integer('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    /** Whether the signer is one who may sign the model: only then it counts. */
    counts: integer({ mode: 'boolean' }).notNull(),
    reason: text().notNull(),
    /** Digest of what to use instead, `sha256:…`; null where nothing is named. */
    replacement: text(),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.bundleId, t.artifactId] }),
    index('retractions_artifact').on(t.artifactId, t.counts),
  ],
);
