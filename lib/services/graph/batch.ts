import { type Placeholder, sql } from 'drizzle-orm';

const SIZES = [1, 16, 256];

interface Prepared<Row> {
  all(values: Record<string, unknown>): Row[];
}

/**
 * A query by a list of keys of any length: run in batches of a few sizes, each prepared once and filled up with its last
 * key. `prepare` is given the placeholders to put into `inArray`.
 */
export function inBatches<Key extends number | string, Row>(
  prepare: (keys: Placeholder[]) => Prepared<Row>,
): (keys: readonly Key[]) => Row[] {
  const prepared = new Map<number, Prepared<Row>>();
  const statement = (size: number): Prepared<Row> => {
    const known = prepared.get(size);
    if (known) return known;
    const made = prepare(Array.from({ length: size }, (_, i) => sql.placeholder(`k${i}`)));
    prepared.set(size, made);
    return made;
  };
  return (keys) => {
    const unique = [...new Set(keys)];
    const rows: Row[] = [];
    for (let from = 0; from < unique.length; ) {
      const left = unique.length - from;
      const size = SIZES.find((candidate) => candidate >= left) ?? 256;
      const values: Record<string, unknown> = {};
      for (let i = 0; i < size; i++) values[`k${i}`] = unique[Math.min(from + i, unique.length - 1)];
      for (const row of statement(size).all(values)) rows.push(row);
      from += size;
    }
    return rows;
  };
}

/** Rows by what `key` makes of each. */
export function groupBy<Key, Row>(rows: Iterable<Row>, key: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const of = key(row);
    const group = groups.get(of);
    if (group) group.push(row);
    else groups.set(of, [row]);
  }
  return groups;
}
