import type { Writer } from '#db/client.ts';
import { findings } from '#db/schema/finding.ts';
import type { Finding } from '#lib/provenance/findings.ts';
import { findingId } from './finding-id.ts';

/** Stores a finding as open; one that was resolved is open again, and keeps the time when it was first found. */
export function openFinding(tx: Writer, modelId: string, finding: Finding, now: number): void {
  const { kind, versionId, bundleId, statement, evidence } = finding;
  const row = { kind, modelId, versionId, bundleId, statement, evidence: JSON.stringify(evidence), resolvedAt: null };
  tx.insert(findings)
    .values({ id: findingId(modelId, finding), ...row, firstAt: now })
    .onConflictDoUpdate({ target: findings.id, set: row })
    .run();
}
