import type Database from 'better-sqlite3';
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

// The only file with SQL of SQLite alone (FTS5): another store brings its own.

/** Puts or replaces what the event in `row` is found by. `terms` are joined by newlines, so no match spans two of them. */
export function indexEvent(sqlite: Database.Database, row: number, eventId: string, terms: readonly string[]): void {
  sqlite.prepare('DELETE FROM events_search WHERE rowid = ?').run(row);
  sqlite
    .prepare('INSERT INTO events_search (rowid, event_id, body) VALUES (?, ?, ?)')
    .run(row, eventId, terms.join('\n'));
}

/** Removes events from the search, as when the tail rewinds. */
export function unindexEvents(sqlite: Database.Database, rows: readonly number[]): void {
  const remove = sqlite.prepare('DELETE FROM events_search WHERE rowid = ?');
  for (const row of rows) remove.run(row);
}

/** The FTS5 expression that matches `query` as a piece of text, or null where it is too short for trigrams (under 3 characters). */
export function searchExpression(query: string): string | null {
  const trimmed = query.trim();
  if ([...trimmed].length < 3) return null;
  return `"${trimmed.replaceAll('"', '""')}"`;
}

/** The rows of `events` that an expression of `searchExpression` matches, by the index. */
export function matchingRows(expression: string): SQL {
  return sql`SELECT rowid FROM events_search WHERE events_search MATCH ${expression}`;
}

/** Whether the event in `row` contains the text, read and compared: for searches that much of the table answers. */
export function rowContains(row: SQLWrapper, text: string): SQL {
  return sql`EXISTS (SELECT 1 FROM events_search WHERE rowid = ${row} AND instr(lower(body), lower(${text})) > 0)`;
}
