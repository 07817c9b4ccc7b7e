import { LINK_STATES, type LinkState, weakerOf } from '#lib/provenance/link-state.ts';
import { settleVerdicts, type Verdict, type VerdictEdge, type VerdictGraph } from '#lib/provenance/verdict.ts';

export interface TestLink {
  readonly id: number;
  readonly childId: number;
  parentId: number;
  state: LinkState;
}

/** A graph in memory with the verdicts that were settled last, and a count of what was read. */
export class TestGraph implements VerdictGraph {
  readonly links = new Map<number, TestLink>();
  readonly verdicts = new Map<number, Verdict>();
  /** New ones and others since the last settling. */
  readonly changedLinks = new Set<number>();
  /** Artifacts whose inputs were read. */
  read = 0;
  private next = 1;

  add(childId: number, parentId: number, state: LinkState): TestLink {
    const link = { id: this.next++, childId, parentId, state };
    this.changedLinks.add(link.id);
    this.links.set(link.id, link);
    return link;
  }

  inputsOf(ids: readonly number[]): Map<number, VerdictEdge[]> {
    this.read += ids.length;
    return new Map(ids.map((id) => [id, [...this.links.values()].filter(({ childId }) => childId === id).map(toEdge)]));
  }

  dependantsOf(ids: readonly number[]): Map<number, { childId: number; linkId: number }[]> {
    const uses = [...this.links.values()].map(({ id, childId, parentId }) => ({ linkId: id, childId, parentId }));
    return new Map(ids.map((id) => [id, uses.filter(({ parentId }) => parentId === id)]));
  }

  verdictsOf(ids: readonly number[]): Map<number, Verdict> {
    return new Map(ids.flatMap((id) => (this.verdicts.has(id) ? [[id, this.verdictOf(id)] as const] : [])));
  }

  verdictOf(id: number): Verdict {
    return this.verdicts.get(id) ?? { weakest: null, weakestLinkId: null };
  }

  settle(changed: Iterable<number>): number[] {
    const changes = settleVerdicts(this, changed, this.changedLinks);
    this.changedLinks.clear();
    for (const [id, { after }] of changes) this.verdicts.set(id, after);
    return [...changes.keys()];
  }
}

function toEdge({ id, parentId, state }: TestLink): VerdictEdge {
  return { linkId: id, linkIds: [id], parentId, state };
}

/** The weakest state of all links that can be reached going up: by definition, with no cleverness. */
export function naiveWeakest(links: readonly TestLink[], from: number): LinkState | null {
  const seen = new Set([from]);
  const queue = [from];
  let weakest: LinkState | null = null;
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const link of links) {
      if (link.childId !== id) continue;
      weakest = weakerOf(weakest, link.state);
      if (!seen.has(link.parentId)) queue.push(link.parentId);
      seen.add(link.parentId);
    }
  }
  return weakest;
}

/** Whether links are on loops, by looking for a way back from each. */
export function naiveLoops(links: readonly TestLink[]): Set<number> {
  const reaches = (from: number, to: number): boolean => {
    const seen = new Set<number>();
    const queue = [from];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (id === to) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      for (const link of links) if (link.childId === id) queue.push(link.parentId);
    }
    return false;
  };
  return new Set(links.filter(({ childId, parentId }) => reaches(parentId, childId)).map(({ id }) => id));
}

export const STATES = LINK_STATES;
