import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { LinkState } from '#lib/provenance/link-state.ts';
import { settleVerdicts } from '#lib/provenance/verdict.ts';
import { inBatches } from './batch.ts';
import { claimFiles } from './claim-files.ts';
import { judgeDependants, judgeInputs } from './judge-links.ts';
import { artifactsOnLoops } from './loop-partners.ts';
import { recordVerdicts } from './record-verdicts.ts';
import { reviseKinds } from './revise-kinds.ts';
import { settleAllLoops, settleLoops } from './settle-loops.ts';
import { settleSignatures } from './settle-signatures.ts';
import { UNSETTLED } from './unsettled.ts';
import { StoredGraph } from './verdict-graph.ts';

/** By what the graph is judged, and what made it change. */
export interface Settling {
  readonly policies: SignerPolicies;
  /** What arrived, for the history: `bundle bdl_…`, `declaration path`, `configuration`, `trust root`. */
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Change extends Settling {
  /** What `placeArtifact` and `recordLinks` returned; ids that are merged away by now do no harm. */
  readonly artifactIds: Iterable<number>;
}

/**
 * Brings the graph up to date after something arrived: own signatures of the artifacts that it touched, the links that
 * hang on them, and the verdicts of all downstream whose weakest link is another now, each with a row of history. Costs
 * by what changes, not by the size of the graph. Call it in the transaction that recorded what arrived.
 *
 * @returns artifacts whose verdict or own signature is another now.
 */
export function settleGraph(tx: Writer, { artifactIds, ...settling }: Change): number[] {
  const touched = existing(tx, [...new Set(artifactIds)]);
  if (touched.length === 0) return [];
  const first = settleSignatures(tx, touched, settling.policies);
  // Files are claimed by the version that was signed first, so signatures come before; then what was merged is settled.
  claimFiles(tx, touched, settling.now);
  const ids = existing(tx, touched);
  const again = settleSignatures(tx, ids, settling.policies);
  const changed = new Set([...first.changed, ...again.changed]);
  const partners = artifactsOnLoops(tx, ids);
  const children = [...new Set([...ids, ...partners, ...unjudgedChildren(tx, [...changed])])];
  return finish(tx, settling, {
    children,
    parents: [...changed],
    signatures: new Map([...again.before, ...first.before]),
    loops: (rewired) => settleLoops(tx, rewired, partners),
  });
}

/** The same for everything, as after a change of the policies. Costs by the size of the graph. */
export function settleAll(tx: Writer, settling: Settling): number[] {
  const ids = tx
    .select({ id: artifacts.id })
    .from(artifacts)
    .all()
    .map(({ id }) => id);
  const { before } = settleSignatures(tx, ids, settling.policies);
  return finish(tx, settling, { children: ids, parents: [], signatures: before, loops: () => settleAllLoops(tx) });
}

interface Work {
  /** Artifacts all of whose inputs are judged. */
  readonly children: readonly number[];
  /** Artifacts as whose inputs others are judged. */
  readonly parents: readonly number[];
  readonly signatures: Parameters<typeof recordVerdicts>[2]['signatures'];
  readonly loops: (rewired: ReadonlySet<number>) => ReturnType<typeof settleLoops>;
}

const CHUNK = 2000;

function finish(tx: Writer, { policies, cause, now }: Settling, work: Work): number[] {
  const formerStates = new Map<number, LinkState>();
  const starts = new Set<number>();
  const changed = new Set<number>();
  const rewired = new Set<number>();
  const note = (linkId: number, former: LinkState) => formerStates.has(linkId) || formerStates.set(linkId, former);
  const take = (judged: ReturnType<typeof judgeInputs>) => {
    for (const id of judged.children) starts.add(id);
    for (const id of judged.rewired) rewired.add(id);
    for (const id of judged.changed) changed.add(id);
    for (const [id, former] of judged.formerStates) note(id, former);
  };
  for (let i = 0; i < work.children.length; i += CHUNK) {
    take(judgeInputs(tx, work.children.slice(i, i + CHUNK), policies, now));
  }
  take(judgeDependants(tx, work.parents, policies));
  for (const { linkId, childId, former } of work.loops(rewired)) {
    note(linkId, former);
    changed.add(linkId);
    starts.add(childId);
  }
  reviseKinds(tx, work.children);
  const graph = new StoredGraph(tx);
  countInputs(tx, graph, work.children);
  const verdicts = settleVerdicts(graph, starts, changed);
  return recordVerdicts(tx, graph, { verdicts, signatures: work.signatures, formerStates }, { cause, now });
}

function existing(tx: Writer, ids: readonly number[]): number[] {
  const read = inBatches<number, { id: number }>((keys) =>
    tx.select({ id: artifacts.id }).from(artifacts).where(inArray(artifacts.id, keys)).prepare(),
  );
  return read(ids).map(({ id }) => id);
}

/** Children whose links were moved to these and are not judged yet. */
function unjudgedChildren(tx: Writer, ids: readonly number[]): number[] {
  const read = inBatches<number, { id: number }>((keys) =>
    tx
      .selectDistinct({ id: links.childId })
      .from(links)
      .where(and(inArray(links.parentId, keys), eq(links.reason, UNSETTLED)))
      .prepare(),
  );
  return read(ids).map(({ id }) => id);
}

/** How many inputs are stated of each, and how many of them by digest. */
function countInputs(tx: Writer, graph: StoredGraph, ids: readonly number[]): void {
  const edges = graph.edgesOf(ids);
  const set = tx
    .update(artifacts)
    .set({ inputs: sql`${sql.placeholder('inputs')}`, pinnedInputs: sql`${sql.placeholder('pinned')}` })
    .where(eq(artifacts.id, sql.placeholder('id')))
    .prepare();
  for (const id of ids) {
    const own = edges.get(id) ?? [];
    set.run({ id, inputs: own.length, pinned: own.filter(({ isPinned }) => isPinned).length });
  }
}
