import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Parts of the configuration that were made in the browser. What the file says comes first, and cannot be changed here. */
export const settings = sqliteTable(
  'settings',
  {
    /** The list of the configuration that it belongs to. */
    section: text({ enum: ['watch', 'models', 'sources', 'channels', 'routes'] }).notNull(),
    name: text().notNull(),
    /** JSON of the item, in the form that the file has. */
    value: text().notNull(),
    enabled: integer({ mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Counts its changes: a form that was opened before another change is refused. */
    revision: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.section, t.name] })],
);
