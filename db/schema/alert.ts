import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { SEVERITIES } from './incident.ts';

export const ALERT_STATES = ['new', 'acknowledged', 'muted', 'resolved'] as const;

/** Something that somebody should hear of. The same thing again is the same alert. */
export const alerts = sqliteTable(
  'alerts',
  {
    /** `alr_` and a digest of kind and subject. */
    id: text().primaryKey(),
    /** One of `ALERT_KINDS` (lib/provenance/alert-words.ts). */
    kind: text().notNull(),
    severity: text({ enum: SEVERITIES }).notNull(),
    /** What it is about: an id, an origin, an identity. Alerts of one kind and subject are one. */
    subject: text().notNull(),
    /** One line for a subject line or a chat, and one paragraph. Plain text. */
    title: text().notNull(),
    statement: text().notNull(),
    /** JSON object: label to value. */
    evidence: text().notNull(),
    /** Path of the page about it, below the public address. */
    href: text().notNull(),
    state: text({ enum: ALERT_STATES }).notNull(),
    mutedUntil: integer('muted_until'),
    /** How often it was raised, first and last. */
    count: integer().notNull(),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    resolvedAt: integer('resolved_at'),
    /** Whether its cause was there when it was last looked for: what stands is not raised again, also where somebody resolved it. */
    standing: integer({ mode: 'boolean' }).notNull(),
    /** What is still to be told of it, written with what raised it; null once the messages of it are in the outbox. */
    tell: text({ enum: ['raised', 'resolved'] }),
  },
  (t) => [
    uniqueIndex('alerts_subject').on(t.kind, t.subject),
    index('alerts_state').on(t.state, t.lastAt),
    index('alerts_listed').on(t.lastAt, t.id),
    index('alerts_untold').on(t.tell, t.lastAt).where(sql`tell IS NOT NULL`),
    index('alerts_standing').on(t.kind, t.subject).where(sql`standing = 1`),
  ],
);

/** How far each place that alerts come from was gone through. */
export const alertCursors = sqliteTable('alert_cursors', {
  source: text().primaryKey(),
  position: integer().notNull(),
});

/** The outbox: what is to be sent, written with what it tells of, and sent once it is committed. */
export const messages = sqliteTable(
  'messages',
  {
    /** `msg_` and 128 random bits: the message's id at the receiver, the same at every try. */
    id: text().primaryKey(),
    /** Name of the channel, as it was configured then. */
    channel: text().notNull(),
    /** `alert`, `digest`, `test`, `resolved`. */
    kind: text({ enum: ['alert', 'digest', 'test', 'resolved'] }).notNull(),
    /** JSON string array: the names of the routes that led here; empty for tests. */
    routes: text().notNull(),
    /** The same message is put into the outbox once: alert, occasion and channel. */
    dedupKey: text('dedup_key').notNull().unique(),
    /** JSON of what is to be told, independent of the channel. */
    content: text().notNull(),
    state: text({ enum: ['pending', 'sent', 'failed'] }).notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: integer('next_attempt_at').notNull(),
    /** The last failure in words: no secrets, no body of an answer. */
    problem: text(),
    createdAt: integer('created_at').notNull(),
    sentAt: integer('sent_at'),
  },
  (t) => [index('messages_due').on(t.state, t.nextAttemptAt), index('messages_channel').on(t.channel, t.createdAt)],
);

/** Which alerts a message tells of. */
export const messageAlerts = sqliteTable(
  'message_alerts',
  {
    messageId: text('message_id')
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    alertId: text('alert_id')
      .notNull()
      .references(() => alerts.id),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.alertId] }), index('message_alerts_alert').on(t.alertId)],
);

/** Alerts that wait for the next digest of a route. */
export const digestItems = sqliteTable(
  'digest_items',
  {
    route: text().notNull(),
    alertId: text('alert_id')
      .notNull()
      .references(() => alerts.id),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.route, t.alertId] })],
);
