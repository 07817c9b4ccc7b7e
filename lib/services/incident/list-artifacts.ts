import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { incidentArtifacts, TIERS } from '#db/schema/incident.ts';
import type { ChainNode } from '#lib/provenance/chain.ts';
import type { Decision } from '#lib/provenance/incident-words.ts';
import type { PathStep, Tier } from '#lib/provenance/scope.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { readNodes } from '#lib/services/graph/read-nodes.ts';

export interface ArtifactFilter {
  readonly tier?: Tier | undefined;
  /** `undecided`: nobody has decided. */
  readonly decision?: Decision | 'undecided' | undefined;
  /** Those that the scope reaches no more and nobody decided to be affected, instead of those that are part of it. */
  readonly left?: boolean | undefined;
}

/** Part of an incident, as lists show it. */
export interface IncidentArtifact {
  readonly artifactId: number;
  readonly tier: Tier;
  readonly path: readonly PathStep[];
  readonly addedAt: number;
  readonly leftAt: number | null;
  readonly joined: boolean;
  readonly decision: Decision | null;
  readonly decidedAt: number | null;
  readonly decisionReason: string | null;
  readonly node: ChainNode | null;
  /** Where it runs, as it was registered. */
  readonly deployments: readonly { readonly environment: string; readonly service: string }[];
}

export interface IncidentArtifactPage {
  readonly artifacts: readonly IncidentArtifact[];
  readonly next: ArtifactPlace | null;
}

/** A place in the list. */
export interface ArtifactPlace {
  readonly rank: number;
  readonly artifactId: number;
}

/**
 * What an incident reaches: what runs somewhere first, then by tier, the surest first, then in the order in which it became
 * known.
 */
export async function listIncidentArtifacts(
  { db }: OpenDatabase,
  input: {
    readonly id: string;
    readonly filter: ArtifactFilter;
    readonly after?: ArtifactPlace | undefined;
    readonly limit: number;
  },
): Promise<IncidentArtifactPage> {
  const { id, filter, after, limit } = input;
  const running = db.select({ id: deployments.artifactId }).from(deployments).where(isNull(deployments.endedAt));
  const tierRank = sql.join(
    TIERS.map((tier, i) => sql`when ${tier} then ${i}`),
    sql` `,
  );
  const rank: SQL<number> = sql`(case when ${incidentArtifacts.artifactId} in ${running} then 0 else ${TIERS.length} end
    + case ${incidentArtifacts.tier} ${tierRank} end)`;
  const rows = db
    .select({ part: incidentArtifacts, rank })
    .from(incidentArtifacts)
    .where(
      and(
        isListed(id, filter),
        after &&
          or(gt(rank, after.rank), and(eq(rank, after.rank), gt(incidentArtifacts.artifactId, after.artifactId))),
      ),
    )
    .orderBy(asc(rank), asc(incidentArtifacts.artifactId))
    .limit(limit + 1)
    .all();
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ part }) => part.artifactId);
  const nodes = new Map(
    readNodes(db, new Map(ids.map((artifactId) => [artifactId, 0]))).map((node) => [node.id, node]),
  );
  const places = readDeployments(db, ids);
  const last = shown.at(-1);
  return {
    artifacts: shown.map(({ part: { incidentId: _, path, ...part } }) => ({
      ...part,
      // Written by `recordEvaluation` alone.
      path: JSON.parse(path) as readonly PathStep[],
      node: nodes.get(part.artifactId) ?? null,
      deployments: places.get(part.artifactId) ?? [],
    })),
    next: rows.length > limit && last ? { rank: last.rank, artifactId: last.part.artifactId } : null,
  };
}

/** Ids of all that a list shows, and that were in it by then. @param input.by milliseconds since the epoch. */
export function listIncidentArtifactIds(
  { db }: OpenDatabase,
  {
    id,
    filter,
    by,
    limit,
  }: { readonly id: string; readonly filter: ArtifactFilter; readonly by: number; readonly limit: number },
): number[] {
  return db
    .select({ artifactId: incidentArtifacts.artifactId })
    .from(incidentArtifacts)
    .where(and(isListed(id, filter), lte(incidentArtifacts.addedAt, by)))
    .orderBy(asc(incidentArtifacts.artifactId))
    .limit(limit)
    .all()
    .map(({ artifactId }) => artifactId);
}

function isListed(id: string, { tier, decision, left }: ArtifactFilter): SQL | undefined {
  return and(
    eq(incidentArtifacts.incidentId, id),
    left === true
      ? and(
          isNotNull(incidentArtifacts.leftAt),
          or(isNull(incidentArtifacts.decision), eq(incidentArtifacts.decision, 'cleared')),
        )
      : or(isNull(incidentArtifacts.leftAt), eq(incidentArtifacts.decision, 'affected')),
    tier && eq(incidentArtifacts.tier, tier),
    decision === 'undecided'
      ? isNull(incidentArtifacts.decision)
      : decision && eq(incidentArtifacts.decision, decision),
  );
}

/** By artifact: where it runs, as it was registered. */
export function readDeployments(
  db: OpenDatabase['db'],
  ids: readonly number[],
): Map<number, { readonly environment: string; readonly service: string }[]> {
  const read = inBatches((keys) =>
    db
      .select({
        artifactId: deployments.artifactId,
        environment: deployments.environment,
        service: deployments.service,
      })
      .from(deployments)
      .where(and(inArray(deployments.artifactId, keys), isNull(deployments.endedAt)))
      .orderBy(asc(deployments.environment), asc(deployments.service))
      .prepare(),
  );
  const places = new Map<number, { environment: string; service: string }[]>();
  for (const { artifactId, ...place } of read(ids)) {
    places.set(artifactId, [...(places.get(artifactId) ?? []), place]);
  }
  return places;
}
