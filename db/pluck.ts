import type Database from 'better-sqlite3';
import { type Placeholder, SQL, sql } from 'drizzle-orm';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';

/** A query of Drizzle that selects one column. */
type Query = SQL | { toSQL(): { sql: string; params: unknown[] } };

const BATCH = 256;
/** Texts of which statements are kept, for each connection. */
const KEPT = 100;
const dialect = new SQLiteSyncDialect();
const kept = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** The bare values of the one column that a query selects: for tens of thousands of them, rows take the longer part of the time. */
export function pluck<T>(sqlite: Database.Database, query: Query): T[] {
  const { sql: text, params } = write(query);
  return statementOf(sqlite, text).all(params) as T[];
}

/** The first value that `accept` takes, reading no further than that. */
export function pluckFirst<T>(sqlite: Database.Database, query: Query, accept: (value: T) => boolean): T | undefined {
  const { sql: text, params } = write(query);
  for (const value of statementOf(sqlite, text).iterate(params)) if (accept(value as T)) return value as T;
  return undefined;
}

/** As `pluck`, of a query by a list of keys of any length: `build` is given placeholders for `inArray`. */
export function pluckByKeys<T>(
  sqlite: Database.Database,
  keys: readonly (number | string)[],
  build: (keys: Placeholder[]) => Query,
): T[] {
  const [first] = keys;
  if (first === undefined) return [];
  const placeholders = Array.from({ length: BATCH }, (_, i) => sql.placeholder(`key${i}`));
  const { sql: text, params } = write(build(placeholders));
  const places = new Map<unknown, number>(placeholders.map((placeholder, i) => [placeholder.name, i]));
  const statement = statementOf(sqlite, text);
  const found: T[] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    const values = params.map((param) => {
      const place = places.get(nameOf(param));
      return place === undefined ? param : (keys[from + place] ?? first);
    });
    for (const value of statement.all(values) as T[]) found.push(value);
  }
  return found;
}

function write(query: Query): { sql: string; params: unknown[] } {
  return query instanceof SQL ? dialect.sqlToQuery(query) : query.toSQL();
}

function statementOf(sqlite: Database.Database, text: string): Database.Statement {
  const known = kept.get(sqlite) ?? new Map<string, Database.Statement>();
  kept.set(sqlite, known);
  const statement = known.get(text) ?? sqlite.prepare(text).pluck();
  if (known.size >= KEPT) known.clear();
  known.set(text, statement);
  return statement;
}

function nameOf(param: unknown): unknown {
  return typeof param === 'object' && param !== null && 'name' in param ? param.name : undefined;
}
