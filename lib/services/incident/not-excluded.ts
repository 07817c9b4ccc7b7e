import { and, inArray, type SQL, sql } from 'drizzle-orm';
import { pluckByKeys } from '#db/pluck.ts';
import { links } from '#db/schema/artifact.ts';
import type { PathStep, Scope } from '#lib/provenance/scope.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { buildersOf, type Origin, originsOfEach, signersOf } from './origins.ts';
import { suspectWindow } from './suspect-window.ts';

type NamedInput = 'dataset' | 'base-model';

const INPUTS: Readonly<Record<NamedInput, { readonly isOne: SQL; readonly unsaid: string }>> = {
  // As the index on links to data sets has it.
  dataset: { isOne: sql`role = 'dataset'`, unsaid: 'which data it was made from' },
  'base-model': {
    isOne: sql`role IN ('base-model', 'adapter', 'component', 'quantised-from', 'merged-from')`,
    unsaid: 'which model it was made from',
  },
};

/** The kinds of input that a scope names: of others nothing is missing where a model does not state them. */
function inputsNamed(scope: Scope): readonly NamedInput[] {
  if ('is' in scope) return scope.is.kind === 'dataset' || scope.is.kind === 'base-model' ? [scope.is.kind] : [];
  return [...new Set(('all' in scope ? scope.all : scope.any).flatMap(inputsNamed))].sort();
}

export interface NotExcluded {
  /** In their order. */
  readonly ids: readonly number[];
  pathOf(artifactId: number): readonly PathStep[];
}

/**
 * Models that cannot be excluded where a scope names a data set or a base model: signed within the scope's window by a signer,
 * a workflow or a builder of what is proven, and without any data set (or model) stated. Without a window in the scope, from a day before the first proven signing to a day after
 * the last. What nothing proves a time of is within.
 *
 * @param proven those that are listed as such. @param unreached those that would be listed, and are not reached.
 */
export function findNotExcluded(
  graph: Graph,
  scope: Scope,
  proven: readonly number[],
  unreached: readonly number[],
): NotExcluded {
  const nothing = { ids: [], pathOf: () => [] };
  const inputs = inputsNamed(scope);
  if (proven.length === 0 || unreached.length === 0 || inputs.length === 0) return nothing;
  const isProven = among(graph, proven);
  const window = suspectWindow(graph, scope, proven, isProven);
  if (window === null) return nothing;
  const origins = [...signersOf(graph, window, proven, isProven), ...buildersOf(graph, window, proven, isProven)];
  const found =
    unreached.length <= graph.few
      ? originsOfEach(graph, origins, window, unreached)
      : membersOf(origins, among(graph, unreached));
  // Who says what of each kind went in says by that what did not.
  const told = inputs.map((kind) => withInput(graph, kind, [...found.keys()]));
  for (const id of [...found.keys()]) if (told.every((said) => said.has(id))) found.delete(id);
  const unsaid = inputs.map((kind) => INPUTS[kind].unsaid).join(', or ');
  return {
    ids: [...found.keys()].sort((a, b) => a - b),
    pathOf: (artifactId) => {
      const origin = found.get(artifactId);
      return origin ? [stepOf(graph, artifactId, origin, unsaid)] : [];
    },
  };
}

/** Whether an artifact is one of these. */
function among({ size }: Graph, artifactIds: readonly number[]) {
  const marks = new Uint8Array(size);
  for (const id of artifactIds) marks[id] = 1;
  return (id: number | null) => id !== null && marks[id] === 1;
}

/** Everything from these origins, each with the first. */
function membersOf(origins: readonly Origin[], isCandidate: (id: number | null) => boolean): Map<number, Origin> {
  const found = new Map<number, Origin>();
  for (const origin of origins) {
    for (const id of origin.members()) {
      if (id !== null && isCandidate(id) && !found.has(id)) found.set(id, origin);
    }
  }
  return found;
}

function stepOf(graph: Graph, artifactId: number, origin: Origin, unsaid: string): PathStep {
  const { what, example } = origin;
  const proof = origin.proofOf(artifactId);
  const label = labelOf(graph.sqlite, artifactId);
  const because = `${label} is ${what}, as ${labelOf(graph.sqlite, example)} is, in the same time, and nothing states ${unsaid}.`;
  return { artifactId, linkId: null, state: null, proofs: proof === undefined ? [] : [proof], because };
}

/** Those of which anybody states an input of the kind. */
function withInput({ db, sqlite }: Graph, kind: NamedInput, artifactIds: readonly number[]): Set<number> {
  const ids = pluckByKeys<number>(sqlite, artifactIds, (keys) =>
    db
      .select({ id: links.childId })
      .from(links)
      .where(and(inArray(links.childId, keys), INPUTS[kind].isOne)),
  );
  return new Set(ids);
}
