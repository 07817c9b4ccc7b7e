import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { models, versions } from './model.ts';

/** The files of a version as its maker stated them before anybody signed: one set of files a model and label. */
export const registrations = sqliteTable(
  'registrations',
  {
    /** `reg_` and a digest of (model, label). */
    id: text().primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    /** What the maker calls the version: `1.2.0`. */
    label: text().notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    /** The token's name, or `command line`. */
    source: text().notNull(),
    registeredAt: integer('registered_at').notNull(),
  },
  (t) => [uniqueIndex('registrations_label').on(t.modelId, t.label), index('registrations_version').on(t.versionId)],
);

/** Files that somebody wanted to register under a label that stands for other files: kept, for it should not happen. */
export const registrationConflicts = sqliteTable(
  'registration_conflicts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    registrationId: text('registration_id')
      .notNull()
      .references(() => registrations.id),
    /** OMS root of the other files, lowercase hex. */
    root: text().notNull(),
    source: text().notNull(),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    count: integer().notNull().default(1),
  },
  (t) => [uniqueIndex('registration_conflicts_root').on(t.registrationId, t.root, t.source)],
);
