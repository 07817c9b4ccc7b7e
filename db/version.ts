import type Database from 'better-sqlite3';

/** How many migrations this version knows; a test holds it equal to db/migrations. */
export const SCHEMA_VERSION = 9;

/** The file is of a version whose schema this Modeltrail does not have. */
export class DatabaseVersionError extends Error {
  override readonly name = 'DatabaseVersionError';
}

/** The version of the schema in the file: SQLite's `user_version`, 0 for an empty file. */
export function readSchemaVersion(sqlite: Database.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}

/** @throws {DatabaseVersionError} where a newer Modeltrail wrote the file. */
export function assertNotNewer(sqlite: Database.Database, path: string): void {
  const version = readSchemaVersion(sqlite);
  if (version <= SCHEMA_VERSION) return;
  throw new DatabaseVersionError(
    `${path} has schema version ${version}, but this Modeltrail knows only up to ${SCHEMA_VERSION}. ` +
      'Start the newer Modeltrail that wrote it, or restore a backup from before the upgrade.',
  );
}

/** @throws {DatabaseVersionError} where the file is not of this very version. */
export function assertSchemaVersion(sqlite: Database.Database, path: string): void {
  assertNotNewer(sqlite, path);
  const version = readSchemaVersion(sqlite);
  if (version === SCHEMA_VERSION) return;
  throw new DatabaseVersionError(
    `${path} has schema version ${version}; this Modeltrail needs ${SCHEMA_VERSION}. Start the jobs once (npm start does): they bring it up to date.`,
  );
}
