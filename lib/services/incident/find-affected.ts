import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { deployments } from '#db/schema/deployment.ts';
import type { Affected, PathStep, Scope, Tier } from '#lib/provenance/scope.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { evaluateScope } from './evaluate-scope.ts';
import { findNotExcluded } from './not-excluded.ts';
import { NOT_EXCLUDED, PROVEN, RANKED_TIERS } from './reached.ts';

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
}

/** More than this, and all of the models' ids are read at once. */
const MANY = 2000;

/**
 * What a scope reaches: models, and whatever else is registered as running, each in the surest tier that it is in. Rules in
 * docs/operating.md, "Blast radius". It reads within the transaction that is under way on the connection, if any.
 */
export function findAffected(
  database: Pick<OpenDatabase, 'db' | 'sqlite'>,
  scope: Scope,
  options: AffectedOptions = {},
): AffectedResult {
  const reached = evaluateScope(database, scope);
  const running = readRunning(database.db);
  const isListed = readListed(database.db, reached.ranks, running);
  const found: { artifactId: number; rank: number; pathOf: () => readonly PathStep[] }[] = [];
  const proven: number[] = [];
  for (const [artifactId, rank] of reached.ranks) {
    if (!isListed(artifactId)) continue;
    found.push({ artifactId, rank, pathOf: () => reached.pathOf(artifactId) });
    if (rank === PROVEN) proven.push(artifactId);
  }
  if (!options.withoutNotExcluded && proven.length > 0) {
    for (const [artifactId, pathOf] of findNotExcluded(database, scope, proven, (id) => reached.ranks.has(id))) {
      found.push({ artifactId, rank: NOT_EXCLUDED, pathOf });
    }
  }
  const counts = { proven: 0, descendant: 0, declared: 0, 'not-excluded': 0 };
  let deployed = 0;
  const order = ({ artifactId, rank }: (typeof found)[number]) =>
    (running.has(artifactId) ? 0 : RANKED_TIERS.length) + rank;
  found.sort((a, b) => order(a) - order(b) || a.artifactId - b.artifactId);
  const affected = found.map(({ artifactId, rank, pathOf }): AffectedArtifact => {
    const tier = RANKED_TIERS[rank] ?? 'not-excluded';
    counts[tier]++;
    const isRunning = running.has(artifactId);
    if (isRunning) deployed++;
    return {
      artifactId,
      tier,
      deployed: isRunning,
      get path() {
        return pathOf();
      },
    };
  });
  return { affected, counts, deployed };
}

function readRunning(db: OpenDatabase['db']): Set<number> {
  const rows = db
    .selectDistinct({ id: deployments.artifactId })
    .from(deployments)
    .where(isNull(deployments.endedAt))
    .all();
  return new Set(rows.map(({ id }) => id));
}

function readListed(db: OpenDatabase['db'], reached: ReadonlyMap<number, number>, running: ReadonlySet<number>) {
  const isModel = eq(artifacts.kind, 'model');
  if (reached.size > MANY) {
    const all = db.select({ id: artifacts.id }).from(artifacts).where(isModel).all();
    const models = new Set(all.map(({ id }) => id));
    return (id: number) => models.has(id) || running.has(id);
  }
  const read = inBatches<number, { id: number }>((ids) =>
    db
      .select({ id: artifacts.id })
      .from(artifacts)
      .where(and(inArray(artifacts.id, ids), isModel))
      .prepare(),
  );
  const models = new Set(read([...reached.keys()]).map(({ id }) => id));
  return (id: number) => models.has(id) || running.has(id);
}
