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

/** The rank of what is not reached. */
export const UNREACHED = 255;

/** Everything that a part of a scope reaches, downstream of what it meets too. */
export interface Reached {
  /** By the artifact's id, `UNREACHED` where it is not. */
  readonly ranks: Uint8Array;
  /** How it was reached. Worked out when it is asked for: most of what is reached is only counted. */
  pathOf(artifactId: number): readonly PathStep[];
}

/** What any of these reaches, each artifact as surely as the surest says; of equals the first. */
export function surestOf(parts: readonly [Reached, ...Reached[]]): Reached {
  return combine(parts, (rank, best) => rank < best);
}

/** What each of these reaches, each artifact as surely as the least sure says; of equals the first. */
export function weakestOf(parts: readonly [Reached, ...Reached[]]): Reached {
  return combine(parts, (rank, best) => rank > best);
}

/** `UNREACHED` is above every rank, so that what one part does not reach is the weakest, and never the surest. */
function combine(parts: readonly [Reached, ...Reached[]], isBetter: (rank: number, best: number) => boolean): Reached {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  const ranks = Uint8Array.from(first.ranks);
  const from = new Uint8Array(ranks.length);
  others.forEach((part, i) => {
    for (let id = 0; id < ranks.length; id++) {
      const rank = part.ranks[id] ?? UNREACHED;
      if (!isBetter(rank, ranks[id] ?? UNREACHED)) continue;
      ranks[id] = rank;
      from[id] = i + 1;
    }
  });
  return { ranks, pathOf: (artifactId) => parts[from[artifactId] ?? 0]?.pathOf(artifactId) ?? [] };
}
