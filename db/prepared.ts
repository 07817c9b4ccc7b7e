import type Database from 'better-sqlite3';
import { type Db, type Writer, wrap } from '#db/client.ts';

/**
 * A statement that is made once for each connection. Writing out and compiling one takes ten times as long as running it: for
 * what a tail does for each event.
 */
export function preparedOnce<T>(prepare: (db: Db) => T): (sqlite: Database.Database) => T {
  return onceFor((sqlite) => prepare(wrap(sqlite).db));
}

/** The same for each transaction: for what is done thousands of times in one, by whoever has nothing but the transaction. */
export function preparedIn<T>(prepare: (tx: Writer) => T): (tx: Writer) => T {
  return onceFor(prepare);
}

function onceFor<Key extends object, T>(make: (key: Key) => T): (key: Key) => T {
  const made = new WeakMap<Key, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const statement = make(key);
    made.set(key, statement);
    return statement;
  };
}
