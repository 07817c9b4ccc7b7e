import type Database from 'better-sqlite3';
import { SPREADS } from '#db/schema/artifact.ts';

const BATCH = 256;

const statements = new WeakMap<Database.Database, Database.Statement>();

/**
 * Visits what is made directly of artifacts, a number a link: the child, negative where the link is only declared (`SPREADS`). A
 * child that several links lead to stands there several times. Bare numbers, read from an index alone: whoever follows
 * hundreds of thousands of links has no time for rows.
 */
export function readChildren(
  sqlite: Database.Database,
  parentIds: readonly number[],
  visit: (child: number) => void,
): void {
  const [first] = parentIds;
  if (first === undefined) return;
  const statement = statementOf(sqlite);
  for (let from = 0; from < parentIds.length; from += BATCH) {
    const keys = parentIds.slice(from, from + BATCH);
    while (keys.length < BATCH) keys.push(first);
    for (const child of statement.all(keys) as number[]) visit(child);
  }
}

function statementOf(sqlite: Database.Database): Database.Statement {
  const known = statements.get(sqlite);
  if (known) return known;
  const keys = Array.from({ length: BATCH }, () => '?').join();
  const made = sqlite.prepare(`SELECT ${SPREADS} FROM links INDEXED BY links_spread WHERE parent_id IN (${keys})`);
  statements.set(sqlite, made.pluck());
  return made;
}
