import type { Writer } from '#db/client.ts';
import { groupBy } from '#lib/services/graph/batch.ts';
import { StoredGraph } from '#lib/services/graph/verdict-graph.ts';

/** From an artifact one link nearer to its weakest. */
interface Step {
  readonly parentId: number;
  /** Why the weakest link is as weak as it is; null where it is further up. */
  readonly reason: string | null;
}

/**
 * Why the weakest link upstream of each artifact is as weak as it is, in that link's own words; none where no link is
 * known. Chains are read a generation at a time and each artifact once, however many of these stand on it.
 */
export function readWeakestReasons(tx: Writer, artifactIds: readonly number[]): Map<number, string> {
  const steps = readSteps(new StoredGraph(tx), artifactIds);
  const standingOn = groupBy(steps, ([, { parentId }]) => parentId);
  const reasons = new Map<number, string>();
  for (const [id, { reason }] of steps) if (reason !== null) reasons.set(id, reason);
  // The map grows while it is walked: from each fault down to all that stand on it.
  for (const [id, reason] of reasons) {
    for (const [childId, step] of standingOn.get(id) ?? []) if (step.reason === null) reasons.set(childId, reason);
  }
  const asked = new Set(artifactIds);
  return new Map([...reasons].filter(([id]) => asked.has(id)));
}

/** Of these artifacts and of all on the ways from them to their weakest links. */
function readSteps(graph: StoredGraph, artifactIds: readonly number[]): Map<number, Step> {
  const steps = new Map<number, Step>();
  const seen = new Set(artifactIds);
  for (let wave = [...seen]; wave.length > 0; ) {
    const edges = graph.edgesOf(wave);
    const next: number[] = [];
    for (const [id, { weakest, weakestLinkId }] of graph.verdictsOf(wave)) {
      const edge = edges.get(id)?.find(({ statements }) => statements.some((one) => one.id === weakestLinkId));
      if (!edge) continue;
      const { parentId, state, deciding } = edge;
      const isFault = state === weakest;
      steps.set(id, { parentId, reason: isFault ? deciding.reason : null });
      if (isFault || seen.has(parentId)) continue;
      seen.add(parentId);
      next.push(parentId);
    }
    wave = next;
  }
  return steps;
}
