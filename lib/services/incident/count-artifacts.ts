import { and, count, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { incidentArtifacts } from '#db/schema/incident.ts';
import type { Tier } from '#lib/provenance/scope.ts';

/** What an incident reaches now, counted. */
export interface IncidentCounts {
  readonly tiers: Readonly<Record<Tier, number>>;
  readonly total: number;
  readonly undecided: number;
  readonly affected: number;
  readonly cleared: number;
  /** Artifacts of it that run somewhere, as registered, and were not cleared. */
  readonly deployed: number;
}

const NO_TIERS: Readonly<Record<Tier, number>> = { proven: 0, descendant: 0, declared: 0, 'not-excluded': 0 };

/** Of an incident that reaches nothing. */
export const NO_COUNTS: IncidentCounts = {
  tiers: NO_TIERS,
  total: 0,
  undecided: 0,
  affected: 0,
  cleared: 0,
  deployed: 0,
};

/** By incident: what each reaches now, and what was decided to be affected besides. */
export function countArtifacts(db: Db, ids: readonly string[]): Map<string, IncidentCounts> {
  if (ids.length === 0) return new Map();
  const running = db.select({ id: deployments.artifactId }).from(deployments).where(isNull(deployments.endedAt));
  const rows = db
    .select({
      id: incidentArtifacts.incidentId,
      tier: incidentArtifacts.tier,
      decision: incidentArtifacts.decision,
      total: count(),
      deployed: sql<number>`sum(${incidentArtifacts.artifactId} in ${running})`,
    })
    .from(incidentArtifacts)
    .where(
      and(
        inArray(incidentArtifacts.incidentId, [...ids]),
        or(isNull(incidentArtifacts.leftAt), eq(incidentArtifacts.decision, 'affected')),
      ),
    )
    .groupBy(incidentArtifacts.incidentId, incidentArtifacts.tier, incidentArtifacts.decision)
    .all();
  const counts = new Map<string, IncidentCounts>();
  for (const { id, tier, decision, total, deployed } of rows) {
    const so = counts.get(id) ?? NO_COUNTS;
    counts.set(id, {
      tiers: { ...so.tiers, [tier]: so.tiers[tier] + total },
      total: so.total + total,
      undecided: so.undecided + (decision === null ? total : 0),
      affected: so.affected + (decision === 'affected' ? total : 0),
      cleared: so.cleared + (decision === 'cleared' ? total : 0),
      deployed: so.deployed + (decision === 'cleared' ? 0 : deployed),
    });
  }
  return counts;
}
