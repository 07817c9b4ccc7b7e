import type { PathStep, Tier } from '#lib/provenance/scope.ts';

/** The tiers, the surest first: a rank is a place in this list, and the lower one is surer. */
export const RANKED_TIERS: readonly Tier[] = ['proven', 'descendant', 'declared', 'not-excluded'];

export const PROVEN = 0;
export const DESCENDANT = 1;
export const DECLARED = 2;
export const NOT_EXCLUDED = 3;

/** An artifact that a criterion meets by itself, before anything is followed downstream. */
export interface Direct {
  readonly artifactId: number;
  readonly rank: number;
  /** Steps of its path, itself among them. */
  readonly length: number;
  steps(): readonly PathStep[];
}

/** Everything that a part of a scope reaches, downstream of what it meets too. */
export interface Reached {
  /** By artifact. */
  readonly ranks: ReadonlyMap<number, number>;
  /** How it was reached. Worked out when it is asked for: most of what is reached is only counted. */
  pathOf(artifactId: number): readonly PathStep[];
}

export const NOTHING: Reached = { ranks: new Map(), pathOf: () => [] };

/** What any of these reaches, each artifact as surely as the surest says; of equals the first. */
export function surestOf(parts: readonly Reached[]): Reached {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first ?? NOTHING;
  const ranks = new Map<number, number>();
  const from = new Map<number, Reached>();
  for (const part of parts) {
    for (const [artifactId, rank] of part.ranks) {
      if (rank >= (ranks.get(artifactId) ?? Number.POSITIVE_INFINITY)) continue;
      ranks.set(artifactId, rank);
      from.set(artifactId, part);
    }
  }
  return { ranks, pathOf: (artifactId) => from.get(artifactId)?.pathOf(artifactId) ?? [] };
}

/** What each of these reaches, each artifact as surely as the least sure says; of equals the first. */
export function weakestOf(parts: readonly Reached[]): Reached {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first ?? NOTHING;
  const ranks = new Map<number, number>();
  const from = new Map<number, Reached>();
  for (const artifactId of first.ranks.keys()) {
    const weakest = weakestAt(artifactId, first, others);
    if (weakest === null) continue;
    ranks.set(artifactId, weakest.rank);
    from.set(artifactId, weakest.part);
  }
  return { ranks, pathOf: (artifactId) => from.get(artifactId)?.pathOf(artifactId) ?? [] };
}

function weakestAt(artifactId: number, first: Reached, others: readonly Reached[]) {
  let weakest = { rank: first.ranks.get(artifactId) ?? NOT_EXCLUDED, part: first };
  for (const part of others) {
    const rank = part.ranks.get(artifactId);
    if (rank === undefined) return null;
    if (rank > weakest.rank) weakest = { rank, part };
  }
  return weakest;
}
