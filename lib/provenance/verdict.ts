import { LINK_STATES, type LinkState } from './link-state.ts';

/** An artifact's verdict: the weakest link upstream, and the own link by which it is reached. Both null without links. */
export interface Verdict {
  readonly weakest: LinkState | null;
  readonly weakestLinkId: number | null;
}

/** An edge that counts, from an artifact to one of its inputs. */
export interface VerdictEdge {
  /** The link that its state is of. */
  readonly linkId: number;
  /** All links that state it: a verdict may stand on any. */
  readonly linkIds: readonly number[];
  readonly parentId: number;
  readonly state: LinkState;
}

/** The stored graph, read in batches. Every id asked for may be missing from an answer: it then has none. */
export interface VerdictGraph {
  inputsOf(ids: readonly number[]): ReadonlyMap<number, readonly VerdictEdge[]>;
  /** By parent: its children over edges that count, each with one of its links. */
  dependantsOf(ids: readonly number[]): ReadonlyMap<number, readonly { childId: number; linkId: number }[]>;
  /** Verdicts as they were settled last. */
  verdictsOf(ids: readonly number[]): ReadonlyMap<number, Verdict>;
}

export interface VerdictChange {
  readonly before: Verdict;
  readonly after: Verdict;
}

const NO_VERDICT: Verdict = { weakest: null, weakestLinkId: null };

const rankOf = (state: LinkState | null) => (state === null ? -1 : LINK_STATES.indexOf(state));

/**
 * Brings verdicts up to date after the edges of `changed` artifacts became others. Every verdict stands on an own link,
 * which stands on its state or on the parent's verdict. What stood on something that is gone is taken away, all the way
 * down, and found anew from the weakest to the strongest. Each artifact is settled once, loops or not; where nothing
 * changes, nothing further down is read.
 *
 * @param changedLinks new links, and those that have another state or parent now: a verdict that stood on the state of one
 * must not be taken to have stood on its parent, who may stand on the child.
 * @returns the changes of those whose weakest link, or the way to it, is another now.
 */
export function settleVerdicts(
  graph: VerdictGraph,
  changed: Iterable<number>,
  changedLinks: ReadonlySet<number>,
): Map<number, VerdictChange> {
  return new Settling(graph, changedLinks).run([...new Set(changed)]);
}

class Settling {
  private readonly graph: VerdictGraph;
  private readonly changedLinks: ReadonlySet<number>;
  private readonly before = new Map<number, Verdict>();
  private readonly edges = new Map<number, readonly VerdictEdge[]>();
  private readonly open = new Set<number>();
  private readonly settled = new Map<number, Verdict>();
  /** By rank of the state that is offered: the artifact and the link by which it would have it. */
  private readonly offers: [id: number, linkId: number][][] = LINK_STATES.map(() => []);

  constructor(graph: VerdictGraph, changedLinks: ReadonlySet<number>) {
    this.graph = graph;
    this.changedLinks = changedLinks;
  }

  run(changed: readonly number[]): Map<number, VerdictChange> {
    this.readVerdicts(changed);
    this.readEdges(changed);
    this.takeAway(changed.filter((id) => !this.stands(id)));
    for (const id of changed) if (!this.open.has(id) && this.isWeakened(id)) this.open.add(id);
    this.readEdges([...this.open]);
    const waiting = this.offerAll();
    for (let rank = LINK_STATES.length - 1; rank >= 0; rank--) this.settleRank(rank, waiting);
    for (const id of this.open) if (!this.settled.has(id)) this.settled.set(id, NO_VERDICT);
    const changes = [...this.settled].map(([id, after]) => [id, { before: this.verdict(id), after }] as const);
    return new Map(changes.filter(([, { before, after }]) => !isSame(before, after)));
  }

  /** Whether what the verdict stands on is still there. */
  private stands(id: number): boolean {
    const { weakest, weakestLinkId } = this.verdict(id);
    if (weakest === null) return true;
    const edge = this.edgeOf(id, weakestLinkId);
    if (!edge) return false;
    if (edge.state === weakest) return true;
    return this.verdict(edge.parentId).weakest === weakest && !edge.linkIds.some((of) => this.changedLinks.has(of));
  }

  private isWeakened(id: number): boolean {
    const rank = rankOf(this.verdict(id).weakest);
    return (this.edges.get(id) ?? []).some(
      ({ state, parentId }) => rankOf(state) > rank || rankOf(this.verdict(parentId).weakest) > rank,
    );
  }

  /** Opens these, and all whose verdicts stand on them. */
  private takeAway(lost: readonly number[]): void {
    let wave = lost;
    while (wave.length > 0) {
      for (const id of wave) this.open.add(id);
      const dependants = this.graph.dependantsOf(wave);
      const children = [...dependants.values()].flatMap((list) => list.map(({ childId }) => childId));
      const closed = [...new Set(children)].filter((id) => !this.open.has(id));
      this.readVerdicts(closed);
      const standing = closed.filter((id) => this.verdict(id).weakestLinkId !== null);
      const parents = new Set(wave);
      // A child stands on a parent only where the two verdicts were the same: edges of others need not be read.
      const lostStates = new Set(wave.map((id) => this.verdict(id).weakest));
      this.readEdges(standing.filter((id) => lostStates.has(this.verdict(id).weakest)));
      wave = standing.filter((id) => this.standsOn(id, parents));
    }
  }

  private standsOn(id: number, parents: ReadonlySet<number>): boolean {
    const { weakest, weakestLinkId } = this.verdict(id);
    const edge = this.edgeOf(id, weakestLinkId);
    return edge !== undefined && edge.state !== weakest && parents.has(edge.parentId);
  }

  /** Offers every open artifact what its links and its settled parents make of it. @returns open children by open parent. */
  private offerAll(): Map<number, [childId: number, linkId: number][]> {
    const waiting = new Map<number, [number, number][]>();
    // Own links first: who asks for the fault is led there by the shortest way.
    for (const id of this.open) {
      for (const { linkId, state } of this.edges.get(id) ?? []) this.offers[rankOf(state)]?.push([id, linkId]);
    }
    for (const id of this.open) {
      for (const { linkId, parentId, state } of this.edges.get(id) ?? []) {
        const rank = rankOf(this.verdict(parentId).weakest);
        if (!this.open.has(parentId)) {
          if (rank > rankOf(state)) this.offers[rank]?.push([id, linkId]);
          continue;
        }
        const list = waiting.get(parentId);
        if (list) list.push([id, linkId]);
        else waiting.set(parentId, [[id, linkId]]);
      }
    }
    return waiting;
  }

  private settleRank(rank: number, waiting: ReadonlyMap<number, [number, number][]>): void {
    const weakest = LINK_STATES[rank] ?? null;
    let wave = this.offers[rank] ?? [];
    while (wave.length > 0) {
      const now: number[] = [];
      for (const [id, weakestLinkId] of wave) {
        if (this.settled.has(id)) continue;
        this.settled.set(id, { weakest, weakestLinkId });
        now.push(id);
      }
      const next = now.flatMap((id) => waiting.get(id) ?? []);
      wave = [...next, ...this.weaken(now, rank)];
    }
  }

  /** Children that are weaker now than they were, or open still, by parents that are weaker now. */
  private weaken(ids: readonly number[], rank: number): [number, number][] {
    const weaker = ids.filter((id) => rankOf(this.verdict(id).weakest) < rank);
    if (weaker.length === 0) return [];
    const dependants = [...this.graph.dependantsOf(weaker).values()].flat();
    this.readVerdicts(dependants.map(({ childId }) => childId));
    return dependants
      .filter(({ childId }) => this.open.has(childId) || rankOf(this.verdict(childId).weakest) < rank)
      .map(({ childId, linkId }) => [childId, linkId]);
  }

  private edgeOf(id: number, linkId: number | null): VerdictEdge | undefined {
    return this.edges.get(id)?.find(({ linkIds }) => linkId !== null && linkIds.includes(linkId));
  }

  private verdict(id: number): Verdict {
    return this.before.get(id) ?? NO_VERDICT;
  }

  private readVerdicts(ids: readonly number[]): void {
    const missing = [...new Set(ids)].filter((id) => !this.before.has(id));
    if (missing.length === 0) return;
    const found = this.graph.verdictsOf(missing);
    for (const id of missing) this.before.set(id, found.get(id) ?? NO_VERDICT);
  }

  private readEdges(ids: readonly number[]): void {
    const missing = ids.filter((id) => !this.edges.has(id));
    if (missing.length === 0) return;
    const found = this.graph.inputsOf(missing);
    for (const id of missing) this.edges.set(id, found.get(id) ?? []);
    this.readVerdicts(missing.flatMap((id) => (found.get(id) ?? []).map(({ parentId }) => parentId)));
  }
}

function isSame(a: Verdict, b: Verdict): boolean {
  return a.weakest === b.weakest && a.weakestLinkId === b.weakestLinkId;
}
