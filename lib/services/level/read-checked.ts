import { and, eq, inArray, isNull, min, or } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { verificationRuns, verifications } from '#db/schema/verification.ts';
import type { VersionFacts } from '#lib/provenance/ml-level/level-facts.ts';

/**
 * When a program first had all files of a version verified here and found them good, and whether it ran somewhere by then.
 * What people drop on the Verify page is not among it: that is no gate.
 */
export function readChecked(db: Db, versionId: string, artifactId: number | null): VersionFacts['checked'] {
  const firstAt = db
    .select({ at: min(verificationRuns.at) })
    .from(verificationRuns)
    .innerJoin(verifications, eq(verifications.id, verificationRuns.verificationId))
    .where(
      and(
        eq(verificationRuns.versionId, versionId),
        eq(verificationRuns.outcome, 'verified'),
        or(isNull(verificationRuns.isExpected), eq(verificationRuns.isExpected, true)),
        inArray(verifications.channel, ['api', 'cli']),
      ),
    )
    .get()?.at;
  if (firstAt == null) return null;
  const deployedAt =
    artifactId === null
      ? null
      : db
          .select({ at: min(deployments.startedAt) })
          .from(deployments)
          .where(eq(deployments.artifactId, artifactId))
          .get()?.at;
  return { firstAt, deployedBefore: deployedAt != null && deployedAt < firstAt };
}
