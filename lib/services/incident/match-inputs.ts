import { eq } from 'drizzle-orm';
import { links } from '#db/schema/artifact.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { statesDigest } from '#lib/services/graph/stored-link.ts';
import type { Seed } from './find-seeds.ts';
import type { Graph } from './graph.ts';
import { isProof, labelOf, stepAlong, surestLink } from './link-step.ts';
import { DECLARED, type Direct } from './reached.ts';

/** What is made directly of what a scope names, each as surely as its surest link says. */
export function childrenOf(graph: Graph, seeds: readonly Seed[]): Direct[] {
  const found = new Map<number, Direct>();
  for (const seed of seeds) {
    for (const packed of linksFrom(graph, seed)) {
      const artifactId = Math.abs(packed);
      const rank = Math.max(seed.rank, packed < 0 ? DECLARED : seed.rank);
      if (rank >= (found.get(artifactId)?.rank ?? Number.POSITIVE_INFINITY)) continue;
      found.set(artifactId, new Child(graph, seed, artifactId, rank));
    }
  }
  return [...found.values()];
}

/** What a scope names, where that is itself affected. */
export function themselves(graph: Graph, seeds: readonly Seed[]): Direct[] {
  return seeds.flatMap((seed) =>
    seed.only === null
      ? [{ artifactId: seed.artifactId, rank: seed.rank, length: 1, steps: () => [namedStep(graph, seed)] }]
      : [],
  );
}

function linksFrom({ db, children }: Graph, { artifactId, only }: Seed): number[] {
  if (only === null) {
    const found: number[] = [];
    children.read([artifactId], (child) => void found.push(child));
    return found;
  }
  const all = db.select().from(links).where(eq(links.parentId, artifactId)).all();
  return all.filter((link) => statesDigest(link, only)).map((link) => (isProof(link) ? link.childId : -link.childId));
}

function namedStep({ sqlite }: Graph, { artifactId, only, rank }: Seed): PathStep {
  const label = labelOf(sqlite, artifactId);
  const because =
    only !== null
      ? `A statement gives ${only.scheme}:${only.value}, which the scope names, as a digest of ${label}.`
      : rank === DECLARED
        ? `The scope names a commit of ${label}; here no commit is said.`
        : `The scope names ${label}.`;
  return { artifactId, linkId: null, state: null, proofs: [], because };
}

class Child implements Direct {
  readonly artifactId: number;
  readonly rank: number;
  readonly length = 2;
  private readonly graph: Graph;
  private readonly seed: Seed;

  constructor(graph: Graph, seed: Seed, artifactId: number, rank: number) {
    this.graph = graph;
    this.seed = seed;
    this.artifactId = artifactId;
    this.rank = rank;
  }

  steps(): readonly PathStep[] {
    const { graph, seed, artifactId } = this;
    const link = surestLink(graph.sqlite, artifactId, ({ parentId }) => parentId === seed.artifactId);
    return [namedStep(graph, seed), ...(link ? [stepAlong(graph.sqlite, link)] : [])];
  }
}
