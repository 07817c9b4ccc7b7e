import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import * as accessTables from '#db/schema/access.ts';
import * as alertTables from '#db/schema/alert.ts';
import * as artifactTables from '#db/schema/artifact.ts';
import * as auditTables from '#db/schema/audit.ts';
import * as bundleTables from '#db/schema/bundle.ts';
import * as canaryTables from '#db/schema/canary.ts';
import * as certificateTables from '#db/schema/certificate.ts';
import * as deploymentTables from '#db/schema/deployment.ts';
import * as eventTables from '#db/schema/event.ts';
import * as expectedTables from '#db/schema/expected.ts';
import * as findingTables from '#db/schema/finding.ts';
import * as incidentTables from '#db/schema/incident.ts';
import * as jobTables from '#db/schema/job.ts';
import * as logTables from '#db/schema/log.ts';
import * as modelTables from '#db/schema/model.ts';
import * as registrationTables from '#db/schema/registration.ts';
import * as settingTables from '#db/schema/setting.ts';
import * as sharingTables from '#db/schema/sharing.ts';
import * as sourceTables from '#db/schema/source.ts';
import * as trainingLogTables from '#db/schema/training-log.ts';
import * as userTables from '#db/schema/user.ts';
import * as verificationTables from '#db/schema/verification.ts';
import { assertSchemaVersion } from '#db/version.ts';

export const schema = {
  ...logTables,
  ...eventTables,
  ...bundleTables,
  ...modelTables,
  ...artifactTables,
  ...findingTables,
  ...sourceTables,
  ...accessTables,
  ...verificationTables,
  ...registrationTables,
  ...trainingLogTables,
  ...jobTables,
  ...certificateTables,
  ...expectedTables,
  ...canaryTables,
  ...alertTables,
  ...auditTables,
  ...deploymentTables,
  ...incidentTables,
  ...settingTables,
  ...sharingTables,
  ...userTables,
};

export type Db = BetterSQLite3Database<typeof schema>;

/** The database, or a transaction under way on it. */
export type Writer = BaseSQLiteDatabase<'sync', Database.RunResult, typeof schema>;

export interface OpenDatabase {
  readonly db: Db;
  /** The connection itself: for transactions (`immediate`), backup and search. */
  readonly sqlite: Database.Database;
  close(): void;
}

/**
 * Opens a database that `createDatabase` (db/migrate.ts) has made. The web process uses this one: it never migrates.
 *
 * @throws {DatabaseVersionError} where the file is of another version, newer or older.
 */
export function openDatabase(path: string): OpenDatabase {
  const sqlite = connect(path);
  try {
    assertSchemaVersion(sqlite, path);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return wrap(sqlite);
}

/**
 * A connection with the pragmas that everything here relies on.
 * WAL lets the web process read while the jobs write; `synchronous=FULL` keeps a committed cursor through a power cut.
 */
export function connect(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new Database(path, { timeout: 10_000 });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  return sqlite;
}

export function wrap(sqlite: Database.Database): OpenDatabase {
  return { db: drizzle(sqlite, { schema }), sqlite, close: () => sqlite.close() };
}
