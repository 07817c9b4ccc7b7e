import { and, desc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { incidentArtifacts, incidents } from '#db/schema/incident.ts';
import type { Tier } from '#lib/provenance/scope.ts';

/** That an artifact is part of an incident, as pages, verdicts and consumers are told. */
export interface Notice {
  readonly artifactId: number;
  readonly incidentId: string;
  readonly number: number;
  readonly title: string;
  readonly state: (typeof incidents.$inferSelect)['state'];
  readonly severity: (typeof incidents.$inferSelect)['severity'];
  readonly tier: Tier;
  /** Whether it must not be used: verify, the API's verdict and the check at load time refuse it. */
  readonly refuses: boolean;
  /** In the responder's words; null where nothing was said in public. */
  readonly publicWording: string | null;
  readonly publicAt: number | null;
  /** Since when it is part of it. */
  readonly since: number;
}

/**
 * The incidents that artifacts are part of, the newest first: those under way, unless it was cleared of them, and closed ones
 * where it was decided to be affected. What merely cannot be excluded is told of, and refused only once that was decided. What
 * was decided to be affected stays so when the scope reaches it no more.
 */
export function noticesOf(db: Db | Writer, artifactIds: readonly number[]): readonly Notice[] {
  if (artifactIds.length === 0) return [];
  const rows = db
    .select({ part: incidentArtifacts, incident: incidents })
    .from(incidentArtifacts)
    .innerJoin(incidents, eq(incidents.id, incidentArtifacts.incidentId))
    .where(
      and(
        inArray(incidentArtifacts.artifactId, [...artifactIds]),
        or(isNull(incidentArtifacts.leftAt), eq(incidentArtifacts.decision, 'affected')),
      ),
    )
    .orderBy(desc(incidents.openedAt), desc(incidents.number))
    .all();
  return rows.flatMap(({ part, incident }) => {
    const { decision } = part;
    if (decision === 'cleared' || (incident.state === 'closed' && decision !== 'affected')) return [];
    return [
      {
        artifactId: part.artifactId,
        incidentId: incident.id,
        number: incident.number,
        title: incident.title,
        state: incident.state,
        severity: incident.severity,
        tier: part.tier,
        refuses: decision === 'affected' || part.tier !== 'not-excluded',
        publicWording: incident.notice,
        publicAt: incident.noticeAt,
        since: part.addedAt,
      },
    ];
  });
}
