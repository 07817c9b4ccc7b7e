import { eq, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { pluck } from '#db/pluck.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { deployments } from '#db/schema/deployment.ts';
import type { Affected, PathStep, Scope, Tier } from '#lib/provenance/scope.ts';
import { evaluateScope } from './evaluate-scope.ts';
import { type Graph, openGraph } from './graph.ts';
import { findNotExcluded } from './not-excluded.ts';
import { DECLARED, DESCENDANT, NOT_EXCLUDED, PROVEN, RANKED_TIERS, UNREACHED } from './reached.ts';

export interface AffectedArtifact extends Affected {
  /** Whether it is registered as running somewhere. */
  readonly deployed: boolean;
  /** Worked out from the database each time it is read: before anything of the graph changes, and for those that are shown. */
  readonly path: readonly PathStep[];
}

export interface AffectedResult {
  /** What runs first, then by tier, then in the order in which they became known. */
  readonly affected: readonly AffectedArtifact[];
  readonly counts: Readonly<Record<Tier, number>>;
  /** How many of them are registered as running. */
  readonly deployed: number;
}

export interface AffectedOptions {
  /** Without what cannot be excluded: for looking whether something new is affected. */
  readonly withoutNotExcluded?: boolean;
  /** Up to how many artifacts each is asked for by itself (`Graph.few`): what is found does not depend on it. */
  readonly few?: number;
}

/**
 * What a scope reaches: models, and whatever else is registered as running, each in the surest tier that it is in. Rules in
 * docs/operating.md, "Blast radius". It reads within the transaction that is under way on the connection, if any.
 */
export function findAffected(
  database: Pick<OpenDatabase, 'db' | 'sqlite'>,
  scope: Scope,
  options: AffectedOptions = {},
): AffectedResult {
  const graph = openGraph(database, options.few);
  const reached = evaluateScope(graph, scope);
  const running = readRunning(graph);
  const listed = readListed(graph, running);
  // By tier, what runs first; ids come in their order.
  const groups = Array.from({ length: 2 * RANKED_TIERS.length }, (): number[] => []);
  const proven: number[] = [];
  const put = (id: number, rank: number) => groups[running.has(id) ? rank : RANKED_TIERS.length + rank]?.push(id);
  const unreached: number[] = [];
  for (const id of listed) {
    const rank = reached.ranks[id] ?? UNREACHED;
    if (rank === UNREACHED) unreached.push(id);
    else put(id, rank);
    if (rank === PROVEN) proven.push(id);
  }
  const others = options.withoutNotExcluded ? null : findNotExcluded(graph, scope, proven, unreached);
  for (const id of others?.ids ?? []) put(id, NOT_EXCLUDED);
  const pathOf = (id: number) => (reached.ranks[id] === UNREACHED ? (others?.pathOf(id) ?? []) : reached.pathOf(id));
  const affected = groups.flatMap((ids, i) => {
    const tier = RANKED_TIERS[i % RANKED_TIERS.length] ?? 'not-excluded';
    return ids.map((id) => new Listed(id, tier, i < RANKED_TIERS.length, pathOf));
  });
  const countOf = (rank: number) => (groups[rank]?.length ?? 0) + (groups[RANKED_TIERS.length + rank]?.length ?? 0);
  return {
    affected,
    counts: {
      proven: countOf(PROVEN),
      descendant: countOf(DESCENDANT),
      declared: countOf(DECLARED),
      'not-excluded': countOf(NOT_EXCLUDED),
    },
    deployed: groups.slice(0, RANKED_TIERS.length).reduce((sum, ids) => sum + ids.length, 0),
  };
}

class Listed implements AffectedArtifact {
  readonly artifactId: number;
  readonly tier: Tier;
  readonly deployed: boolean;
  readonly #pathOf: (artifactId: number) => readonly PathStep[];

  constructor(artifactId: number, tier: Tier, deployed: boolean, pathOf: (artifactId: number) => readonly PathStep[]) {
    this.artifactId = artifactId;
    this.tier = tier;
    this.deployed = deployed;
    this.#pathOf = pathOf;
  }

  get path(): readonly PathStep[] {
    return this.#pathOf(this.artifactId);
  }

  toJSON(): AffectedArtifact {
    const { artifactId, tier, deployed, path } = this;
    return { artifactId, tier, deployed, path };
  }
}

function readRunning({ db, sqlite }: Graph): Set<number> {
  return new Set(
    pluck<number>(
      sqlite,
      db.selectDistinct({ id: deployments.artifactId }).from(deployments).where(isNull(deployments.endedAt)),
    ),
  );
}

/** Models, and whatever runs, in their order. */
function readListed({ db, sqlite }: Graph, running: ReadonlySet<number>): number[] {
  const models = pluck<number>(
    sqlite,
    db.select({ id: artifacts.id }).from(artifacts).where(eq(artifacts.kind, 'model')).orderBy(artifacts.id),
  );
  const known = new Set(running);
  if (known.size === 0) return models;
  for (const id of models) known.delete(id);
  return known.size === 0 ? models : [...models, ...known].sort((a, b) => a - b);
}
