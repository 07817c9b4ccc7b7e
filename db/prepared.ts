import type Database from 'better-sqlite3';
import { type Db, wrap } from '#db/client.ts';

/**
 * A statement that is made once for each connection. Writing out and compiling one takes ten times as long as running it: for
 * what a tail does for each event.
 */
export function preparedOnce<T>(prepare: (db: Db) => T): (sqlite: Database.Database) => T {
  const made = new WeakMap<Database.Database, T>();
  return (sqlite) => {
    const known = made.get(sqlite);
    if (known !== undefined) return known;
    const statement = prepare(wrap(sqlite).db);
    made.set(sqlite, statement);
    return statement;
  };
}
