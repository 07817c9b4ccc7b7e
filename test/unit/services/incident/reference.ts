import type { Tier } from '#lib/provenance/scope.ts';

// The rules of the blast radius (docs/operating.md), worked out the slow way: again and again over all links until nothing
// changes. What findAffected must agree with.

export interface ReferenceLink {
  readonly child: number;
  readonly parent: number;
  readonly isProof: boolean;
}

export interface ReferenceModel {
  readonly signer: number | null;
  /** Proven time; null without one. */
  readonly at: number | null;
}

export type ReferenceScope =
  | { readonly all: readonly ReferenceScope[] }
  | { readonly any: readonly ReferenceScope[] }
  | { readonly dataset: number }
  | { readonly base: number }
  | { readonly signer: number }
  | { readonly window: readonly [number, number] };

const TIERS: readonly Tier[] = ['proven', 'descendant', 'declared', 'not-excluded'];
type Ranks = Map<number, number>;

export interface ReferenceGraph {
  readonly models: readonly ReferenceModel[];
  readonly links: readonly ReferenceLink[];
}

export function referenceTiers(graph: ReferenceGraph, scope: ReferenceScope): Map<number, Tier> {
  const ranks = reach(graph, scope, []);
  return new Map([...ranks].map(([id, rank]) => [id, TIERS[rank] ?? 'not-excluded']));
}

function reach(graph: ReferenceGraph, scope: ReferenceScope, narrowing: readonly ReferenceScope[]): Ranks {
  if ('any' in scope) {
    const all = scope.any.map((part) => reach(graph, part, narrowing));
    return join(all, Math.min, false);
  }
  if ('all' in scope && !isSigning(scope)) {
    const narrower = [...narrowing, ...scope.all.filter(isSigning)];
    const things = scope.all.filter((part) => !isSigning(part));
    return join(
      things.map((part) => reach(graph, part, narrower)),
      Math.max,
      true,
    );
  }
  const direct: Ranks = new Map();
  graph.models.forEach((_, id) => {
    const ranks = [scope, ...narrowing].map((part) => meets(graph, id, part));
    if (ranks.every((rank) => rank !== null)) direct.set(id, Math.max(...ranks.map(Number)));
  });
  return close(graph, direct);
}

function isSigning(scope: ReferenceScope): boolean {
  if ('all' in scope) return scope.all.every(isSigning);
  if ('any' in scope) return scope.any.every(isSigning);
  return 'signer' in scope || 'window' in scope;
}

/** How surely a model meets something by itself; null where it does not. */
function meets({ models, links }: ReferenceGraph, id: number, scope: ReferenceScope): number | null {
  if ('all' in scope || 'any' in scope) {
    const parts = 'all' in scope ? scope.all : scope.any;
    const ranks = parts.map((part) => meets({ models, links }, id, part));
    if ('all' in scope) return ranks.includes(null) ? null : Math.max(...ranks.map(Number));
    const met = ranks.filter((rank) => rank !== null);
    return met.length === 0 ? null : Math.min(...met);
  }
  if ('signer' in scope) return models[id]?.signer === scope.signer ? 0 : null;
  if ('window' in scope) {
    const at = models[id]?.at ?? null;
    if (at === null) return 3;
    return at >= scope.window[0] && at <= scope.window[1] ? 0 : null;
  }
  const named = 'dataset' in scope ? scope.dataset : scope.base;
  if ('base' in scope && named === id) return 0;
  const found = links.filter(({ child, parent }) => child === id && parent === named);
  if (found.length === 0) return null;
  return found.some(({ isProof }) => isProof) ? 0 : 2;
}

function close({ links }: ReferenceGraph, direct: Ranks): Ranks {
  const ranks = new Map(direct);
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const { child, parent, isProof } of links) {
      const from = ranks.get(parent);
      if (from === undefined) continue;
      const to = from <= 1 ? (isProof ? 1 : 2) : from;
      if (to < (ranks.get(child) ?? 9)) {
        ranks.set(child, to);
        isChanged = true;
      }
    }
  }
  return ranks;
}

function join(parts: readonly Ranks[], choose: (...ranks: number[]) => number, isNeededInAll: boolean): Ranks {
  const ids = new Set(parts.flatMap((part) => [...part.keys()]));
  const joined: Ranks = new Map();
  for (const id of ids) {
    const ranks = parts.flatMap((part) => part.get(id) ?? []);
    if (isNeededInAll && ranks.length < parts.length) continue;
    joined.set(id, choose(...ranks));
  }
  return joined;
}
