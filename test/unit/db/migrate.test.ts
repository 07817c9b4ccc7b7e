import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, openDatabase } from '#db/client.ts';
import { createDatabase, listMigrations } from '#db/migrate.ts';
import { DatabaseVersionError, SCHEMA_VERSION } from '#db/version.ts';
import { temporaryFolder } from '#test/support/product.ts';

let folder: ReturnType<typeof temporaryFolder>;
const path = () => `${folder.path}/below/modeltrail.db`;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function setVersion(version: number): void {
  const sqlite = connect(path());
  sqlite.pragma(`user_version = ${version}`);
  sqlite.close();
}

describe('the database', () => {
  it('has as many migrations as it says it knows', () => {
    expect(listMigrations()).toHaveLength(SCHEMA_VERSION);
  });

  it('is made with its folder, in WAL mode, with foreign keys', () => {
    const { sqlite, close } = createDatabase(path());
    expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(() =>
      sqlite.prepare("INSERT INTO event_matches VALUES ('evt_none', 'r', 'san', 'v', 'exact', '[]', 1)").run(),
    ).toThrow(/FOREIGN KEY/);
    close();
  });

  it('finds what bundles have shown of a log without a look at all else of it', () => {
    const { sqlite, close } = createDatabase(path());
    const waiting =
      'SELECT leaf_hash FROM events WHERE log_id = ? AND seen_by = ? AND log_index < ? ORDER BY log_index';
    const plan = sqlite.prepare(`EXPLAIN QUERY PLAN ${waiting}`).all(1, 'bundle', 1000);
    expect(plan).toMatchObject([
      { detail: expect.stringContaining('events_seen (log_id=? AND seen_by=? AND log_index<?)') },
    ]);
    close();
  });

  it('is left as it is when it is up to date', () => {
    const first = createDatabase(path());
    first.sqlite.exec("INSERT INTO job_leases VALUES ('jobs', 'somebody', 1)");
    first.close();
    const again = createDatabase(path());
    expect(again.sqlite.prepare('SELECT holder FROM job_leases').pluck().get()).toBe('somebody');
    again.close();
  });

  it('of a newer version is refused with what to do, by the jobs and by the pages, and not touched', () => {
    createDatabase(path()).close();
    setVersion(SCHEMA_VERSION + 1);
    for (const open of [createDatabase, openDatabase]) {
      expect(() => open(path())).toThrow(DatabaseVersionError);
      expect(() => open(path())).toThrow(/knows only up to .* restore a backup from before the upgrade/);
    }
  });

  it('of an older version is refused by the pages, which never migrate', () => {
    createDatabase(path()).close();
    setVersion(SCHEMA_VERSION - 1);
    expect(() => openDatabase(path())).toThrow(/Start the jobs once/);
  });

  it('is migrated in whole or not at all', () => {
    const sqlite = connect(path());
    // In the way of the last migration.
    sqlite.exec('CREATE TABLE events_search (x)');
    sqlite.close();
    expect(() => createDatabase(path())).toThrow(/events_search/);
    const after = connect(path());
    expect(after.pragma('user_version', { simple: true })).toBe(0);
    expect(after.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'events'").pluck().get()).toBe(0);
    after.close();
  });
});
