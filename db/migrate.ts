import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { connect, type OpenDatabase, wrap } from '#db/client.ts';
import { assertNotNewer, readSchemaVersion } from '#db/version.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/**
 * Opens the database file, makes it and its folder if absent, and brings it to this version's schema.
 * `:memory:` is accepted for tests.
 *
 * @throws {DatabaseVersionError} where a newer Modeltrail wrote the file; nothing is changed.
 */
export function createDatabase(path: string): OpenDatabase {
  const sqlite = connect(path);
  try {
    assertNotNewer(sqlite, path);
    migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return wrap(sqlite);
}

/** The migrations' tags, in order. */
export function listMigrations(): string[] {
  const journal = JSON.parse(readFileSync(new URL('meta/_journal.json', FOLDER), 'utf8')) as {
    entries: { tag: string }[];
  };
  return journal.entries.map(({ tag }) => tag);
}

function migrate(sqlite: Database.Database): void {
  const tags = listMigrations();
  if (readSchemaVersion(sqlite) === tags.length) return;
  // Immediate: of two processes that start together, the second waits and then sees that nothing is left to do.
  sqlite
    .transaction(() => {
      for (let version = readSchemaVersion(sqlite); version < tags.length; version++) {
        sqlite.exec(readFileSync(new URL(`${tags[version]}.sql`, FOLDER), 'utf8'));
        sqlite.pragma(`user_version = ${version + 1}`);
      }
    })
    .immediate();
}
