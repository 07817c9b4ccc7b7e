import { eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { LINK_STATES, type LinkState } from '#lib/provenance/link-state.ts';
import { inBatches } from './batch.ts';

export type Direction = 'ancestors' | 'descendants';

const endsOf = (direction: Direction) =>
  direction === 'ancestors' ? { from: links.childId, to: links.parentId } : { from: links.parentId, to: links.childId };

/**
 * The artifacts nearest to one, itself first, each with its distance: by distance, then by id.
 *
 * @returns at most `limit` of them, and whether there are more.
 */
export function readNearest(
  db: Db,
  focusId: number,
  direction: Direction,
  limit: number,
): { placed: Map<number, number>; isCut: boolean } {
  const { from, to } = endsOf(direction);
  const read = inBatches<number, { id: number }>((ids) =>
    db.selectDistinct({ id: to }).from(links).where(inArray(from, ids)).prepare(),
  );
  const placed = new Map([[focusId, 0]]);
  let wave = [focusId];
  for (let distance = 1; wave.length > 0; distance++) {
    const met = new Set(read(wave).map(({ id }) => id));
    wave = [...met].filter((id) => !placed.has(id)).sort((a, b) => a - b);
    for (const id of wave) {
      if (placed.size >= limit) return { placed, isCut: true };
      placed.set(id, distance);
    }
  }
  return { placed, isCut: false };
}

/** All artifacts up- or downstream of one, itself among them: `SELECT id FROM reach` finds them. */
function reach(focusId: number, direction: Direction): SQL {
  const { from, to } = endsOf(direction);
  return sql`WITH RECURSIVE reach(id) AS (
    SELECT ${artifacts.id} FROM ${artifacts} WHERE ${eq(artifacts.id, focusId)}
    UNION SELECT ${to} FROM reach JOIN ${links} ON ${from} = reach.id
  )`;
}

/** Ids of all artifacts up- or downstream of one, itself among them, in no order. */
export function readReach(db: Db, focusId: number, direction: Direction): number[] {
  return db.values<[number]>(sql`${reach(focusId, direction)} SELECT id FROM reach`).map(([id]) => id);
}

export function countReach(db: Db, focusId: number, direction: Direction): number {
  const [row] = db.values<[number]>(sql`${reach(focusId, direction)} SELECT count(*) FROM reach`);
  return row?.[0] ?? 0;
}

export interface ReachSummary {
  readonly links: Readonly<Record<LinkState, number>>;
  /** Edges by digest, of `total`. */
  readonly pinned: number;
  readonly total: number;
}

/**
 * Edges between all artifacts up- or downstream of one that count in verdicts, by state: of several statements the
 * strongest, or a conflict.
 */
export function summariseReach(db: Db, focusId: number, direction: Direction): ReachSummary {
  const { from } = endsOf(direction);
  const rank = sql`CASE ${links.state} WHEN 'verified' THEN 0 WHEN 'parent-unsigned' THEN 1 WHEN 'parent-unknown' THEN 2 WHEN 'declared' THEN 3 ELSE 4 END`;
  const rows = db.values<[number, number, number]>(sql`
    ${reach(focusId, direction)}, edges(best, worst, pinned) AS (
      SELECT min(${rank}), max(${rank}), max(CASE WHEN ${links.digests} = '[]' THEN 0 ELSE 1 END)
      FROM ${links} WHERE ${from} IN (SELECT id FROM reach) AND ${ne(links.basis, 'outsider')}
      GROUP BY ${links.childId}, ${links.parentId}, ${links.role}
    )
    SELECT CASE worst WHEN 4 THEN 4 ELSE best END AS state, count(*), sum(pinned) FROM edges GROUP BY state`);
  const counts = Object.fromEntries(LINK_STATES.map((state) => [state, 0])) as Record<LinkState, number>;
  let pinned = 0;
  let total = 0;
  for (const [state, count, byDigest] of rows) {
    const name = LINK_STATES[state];
    if (name !== undefined) counts[name] = count;
    total += count;
    pinned += byDigest;
  }
  return { links: counts, pinned, total };
}
