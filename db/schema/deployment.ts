import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { artifacts } from './artifact.ts';

/** What runs where, as it was registered. One that runs no more keeps its row. */
export const deployments = sqliteTable(
  'deployments',
  {
    /** `dep_` and 128 random bits. */
    id: text().primaryKey(),
    /** `production`, `staging`: as the operator calls it. */
    environment: text().notNull(),
    /** What runs it: a service, a cluster, a device group. */
    service: text().notNull(),
    artifactId: integer('artifact_id')
      .notNull()
      .references(() => artifacts.id),
    /** JSON: the name, version and digests as they were given. */
    given: text().notNull(),
    /** The token's name, or `command line`. */
    source: text().notNull(),
    startedAt: integer('started_at').notNull(),
    /** Last time that somebody said it runs. */
    confirmedAt: integer('confirmed_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [
    index('deployments_running').on(t.endedAt, t.environment, t.service),
    index('deployments_artifact').on(t.artifactId, t.endedAt),
  ],
);
