import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { incidentArtifacts, retractions } from '#db/schema/incident.ts';

/** Two artifacts turned out to be one: what runs, is part of an incident or was withdrawn by one name stays so by the other. */
export function mergeIncidentParts(tx: Writer, survivor: number, loser: number): void {
  tx.update(deployments).set({ artifactId: survivor }).where(eq(deployments.artifactId, loser)).run();
  for (const part of tx.select().from(incidentArtifacts).where(eq(incidentArtifacts.artifactId, loser)).all()) {
    const isKept = and(eq(incidentArtifacts.incidentId, part.incidentId), eq(incidentArtifacts.artifactId, survivor));
    const kept = tx.select({ decision: incidentArtifacts.decision }).from(incidentArtifacts).where(isKept).get();
    if (!kept) {
      tx.insert(incidentArtifacts)
        .values({ ...part, artifactId: survivor })
        .run();
    } else if (outweighs(part.decision, kept.decision)) {
      const { decision, decidedAt, decisionReason } = part;
      tx.update(incidentArtifacts).set({ decision, decidedAt, decisionReason }).where(isKept).run();
    }
  }
  tx.delete(incidentArtifacts).where(eq(incidentArtifacts.artifactId, loser)).run();
  for (const retraction of tx.select().from(retractions).where(eq(retractions.artifactId, loser)).all()) {
    tx.insert(retractions)
      .values({ ...retraction, artifactId: survivor })
      .onConflictDoNothing()
      .run();
  }
  tx.delete(retractions).where(eq(retractions.artifactId, loser)).run();
}

/** Of two decisions about one thing, that it is affected counts: a mistake must not let it through. */
function outweighs(other: 'affected' | 'cleared' | null, kept: 'affected' | 'cleared' | null): boolean {
  return other !== null && other !== kept && (kept === null || other === 'affected');
}
