import type { Criterion, PathStep, Scope } from '#lib/provenance/scope.ts';
import { findSeeds } from './find-seeds.ts';
import type { Graph } from './graph.ts';
import { matchBuilds } from './match-builds.ts';
import { matchFiles } from './match-files.ts';
import { childrenOf, themselves } from './match-inputs.ts';
import { matchSignings } from './match-signings.ts';
import { type Direct, type Reached, surestOf, weakestOf } from './reached.ts';
import { signedWithin, withinWindow } from './signing-times.ts';
import { spread } from './spread.ts';

/** Says of artifacts that something meets directly which of them meet the rest too. */
type Narrowing = (artifactIds: readonly number[]) => ReadonlyMap<number, Direct>;

/** Criteria about the signature of the artifact itself, not about what went into it. */
const SIGNING_KINDS: ReadonlySet<Criterion['kind']> = new Set(['identity', 'key', 'log-range', 'window']);

/**
 * What a scope reaches. In `all`, the parts that are about signatures alone (identity, key, log range, window) narrow what the
 * other parts meet directly; what is made of that follows whenever and by whomever it was signed. Of several other parts an
 * artifact must be reached by each.
 */
export function evaluateScope(graph: Graph, scope: Scope): Reached {
  return evaluate(graph, scope, []);
}

function evaluate(graph: Graph, scope: Scope, narrowings: readonly Narrowing[]): Reached {
  if (isAboutSigning(scope)) return spread(graph, narrow(enumerate(graph, scope), narrowings));
  if ('is' in scope) return spread(graph, narrow(matchThing(graph, scope.is), narrowings));
  if ('any' in scope) {
    // Plain criteria are followed downstream together: that costs what one of them costs.
    const plain = scope.any.filter((part) => 'is' in part);
    const nested = scope.any.filter((part) => !('is' in part));
    const directs = plain.flatMap((part) => narrow(directsOf(graph, part), narrowings));
    return surestOf([spread(graph, directs), ...nested.map((part) => evaluate(graph, part, narrowings))]);
  }
  const signing = scope.all.filter(isAboutSigning);
  const things = scope.all.filter((part) => !isAboutSigning(part));
  const inner = [...narrowings, ...signing.map((part) => narrowingBy(graph, part))];
  const [first, ...others] = things.map((part) => evaluate(graph, part, inner));
  return first ? weakestOf([first, ...others]) : spread(graph, []);
}

function isAboutSigning(scope: Scope): boolean {
  if ('is' in scope) return SIGNING_KINDS.has(scope.is.kind);
  return ('all' in scope ? scope.all : scope.any).every(isAboutSigning);
}

function directsOf(graph: Graph, part: Scope & { readonly is: Criterion }): readonly Direct[] {
  return isAboutSigning(part) ? enumerate(graph, part) : matchThing(graph, part.is);
}

function matchThing(graph: Graph, criterion: Criterion): Direct[] {
  switch (criterion.kind) {
    case 'dataset':
      return childrenOf(graph, findSeeds(graph, 'dataset', criterion.alias));
    case 'base-model': {
      const seeds = findSeeds(graph, 'base-model', criterion.alias);
      return [...themselves(graph, seeds), ...childrenOf(graph, seeds)];
    }
    case 'file':
      return matchFiles(graph, criterion.digest);
    case 'commit':
    case 'repository':
    case 'workflow':
    case 'builder':
      return matchBuilds(graph, criterion);
    case 'identity':
    case 'key':
    case 'log-range':
      return matchSignings(graph, criterion);
    case 'window':
      return signedWithin(graph, criterion);
  }
}

/** Everything that a part about signatures alone means. */
function enumerate(graph: Graph, scope: Scope): readonly Direct[] {
  if ('is' in scope) return matchThing(graph, scope.is);
  if ('any' in scope) return scope.any.flatMap((part) => enumerate(graph, part));
  // A window is asked of what the others find, where there are others: it alone means a great part of all there is.
  const [first, ...others] = [...scope.all].sort((a, b) => Number(isWindow(a)) - Number(isWindow(b)));
  return first === undefined
    ? []
    : narrow(
        enumerate(graph, first),
        others.map((part) => narrowingBy(graph, part)),
      );
}

const isWindow = (scope: Scope) => 'is' in scope && scope.is.kind === 'window';

function narrowingBy(graph: Graph, scope: Scope): Narrowing {
  if ('is' in scope && scope.is.kind === 'window') {
    const window = scope.is;
    return (artifactIds) => withinWindow(graph, window, artifactIds);
  }
  if ('all' in scope) {
    const parts = scope.all.map((part) => narrowingBy(graph, part));
    return (artifactIds) => {
      const [first, ...others] = parts;
      return first ? byArtifact(narrow([...first(artifactIds).values()], others)) : new Map();
    };
  }
  if ('any' in scope) {
    const parts = scope.any.map((part) => narrowingBy(graph, part));
    return (artifactIds) => byArtifact(parts.flatMap((part) => [...part(artifactIds).values()]));
  }
  const met = byArtifact(enumerate(graph, scope));
  return () => met;
}

/** By artifact, of several the surest. */
function byArtifact(directs: readonly Direct[]): Map<number, Direct> {
  const found = new Map<number, Direct>();
  for (const direct of directs) {
    const known = found.get(direct.artifactId);
    if (!known || direct.rank < known.rank) found.set(direct.artifactId, direct);
  }
  return found;
}

function narrow(directs: readonly Direct[], narrowings: readonly Narrowing[]): readonly Direct[] {
  return narrowings.reduce<readonly Direct[]>((left, narrowing) => {
    const ids = new Set<number>();
    for (const { artifactId } of left) ids.add(artifactId);
    const met = narrowing([...ids]);
    const narrowed: Direct[] = [];
    for (const direct of left) {
      const other = met.get(direct.artifactId);
      if (other) narrowed.push(both(direct, other));
    }
    return narrowed;
  }, directs);
}

/** What two criteria meet, as surely as the weaker; its last step says both. */
function both(direct: Direct, other: Direct): Direct {
  const steps = (): PathStep[] => {
    const path = direct.steps();
    const last = path.at(-1);
    const also = other.steps().at(-1);
    if (!last || !also) return [...path];
    const proofs = [...new Set([...last.proofs, ...also.proofs])];
    return [...path.slice(0, -1), { ...last, proofs, because: `${last.because} ${also.because}` }];
  };
  const { artifactId, length } = direct;
  return { artifactId, length, rank: Math.max(direct.rank, other.rank), steps };
}
