import { eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { LOOP_REASON } from '#lib/provenance/judge-link.ts';
import type { LinkState } from '#lib/provenance/link-state.ts';
import { edgesOnLoops } from '#lib/provenance/loops.ts';
import { inBatches } from './batch.ts';
import type { LinkRow } from './stored-link.ts';

const FIRST_LIMIT = 256;

interface Wire {
  readonly id: number;
  readonly childId: number;
  readonly parentId: number;
  readonly basis: LinkRow['basis'];
  readonly state: LinkState;
}

const WIRE = {
  id: links.id,
  childId: links.childId,
  parentId: links.parentId,
  basis: links.basis,
  state: links.state,
};

/**
 * Marks the links on loops that run through any of `rewired`, or only among `others` (artifacts of loops that may be open
 * now). A signed link conflicts where a loop of signed links runs over it, a declared one where any loop does, an
 * outsider's word never: nobody can break the chain of somebody else by closing it.
 *
 * @returns states of the links before that are in conflict now, with their children.
 */
export function settleLoops(
  tx: Writer,
  rewired: ReadonlySet<number>,
  others: Iterable<number>,
): { linkId: number; childId: number; former: LinkState }[] {
  const region = new Set(others);
  if (rewired.size > 0) for (const id of smallerSide(tx, [...rewired])) region.add(id);
  if (region.size === 0) return [];
  const read = inBatches<number, Wire>((ids) =>
    tx.select(WIRE).from(links).where(inArray(links.childId, ids)).prepare(),
  );
  const wires = read([...region]).filter((wire) => region.has(wire.parentId));
  return markLoops(tx, wires);
}

/** The same over the whole graph. */
export function settleAllLoops(tx: Writer): ReturnType<typeof settleLoops> {
  return markLoops(tx, tx.select(WIRE).from(links).all());
}

function markLoops(tx: Writer, wires: readonly Wire[]): ReturnType<typeof settleLoops> {
  const passing = wires.filter(({ basis }) => basis !== 'outsider');
  const onLoops = (chosen: readonly Wire[]) =>
    edgesOnLoops(chosen.map(({ id, childId, parentId }) => ({ id, from: childId, to: parentId })));
  const signed = onLoops(passing.filter(({ basis }) => basis === 'attester'));
  const any = onLoops(passing);
  const marked = passing.filter(({ id, basis }) => (basis === 'attester' ? signed : any).has(id));
  for (const { id } of marked) {
    tx.update(links).set({ state: 'conflict', reason: LOOP_REASON }).where(eq(links.id, id)).run();
  }
  return marked.map(({ id, childId, state }) => ({ linkId: id, childId, former: state }));
}

/**
 * All descendants or all ancestors, whichever are fewer: every loop through the seeds lies in both. Both are read up to a
 * limit that grows, so that the cost is that of the smaller.
 */
function smallerSide(tx: Writer, seeds: readonly number[]): number[] {
  for (let limit = Math.max(FIRST_LIMIT, 2 * seeds.length); ; limit *= 8) {
    for (const direction of ['descendants', 'ancestors'] as const) {
      const found = closure(tx, seeds, direction, limit);
      if (found.length < limit) return found;
    }
  }
}

function closure(
  tx: Writer,
  seeds: readonly number[],
  direction: 'descendants' | 'ancestors',
  limit: number,
): number[] {
  const [from, to] = direction === 'descendants' ? [links.parentId, links.childId] : [links.childId, links.parentId];
  const start: SQL = sql`SELECT ${artifacts.id} FROM ${artifacts} WHERE ${inArray(artifacts.id, [...seeds])}`;
  const rows = tx.all<{ id: number }>(sql`
    WITH RECURSIVE reach(id) AS (
      ${start} UNION SELECT ${to} FROM reach JOIN ${links} ON ${from} = reach.id WHERE ${ne(links.basis, 'outsider')}
    ) SELECT id FROM reach LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}
