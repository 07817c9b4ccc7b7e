import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { findings } from '#db/schema/finding.ts';
import { versions } from '#db/schema/model.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { findingsOf } from '#lib/provenance/findings.ts';
import { findingId } from './finding-id.ts';
import { openFinding } from './open-finding.ts';
import { readModelRecord } from './read-model-record.ts';
import { settleFailedChecks } from './settle-failed-checks.ts';

export interface FindingsToSettle {
  readonly policies: SignerPolicies;
  /** Artifacts of which something changed; the models that they are versions of are looked at again. */
  readonly artifactIds: readonly number[];
  readonly now: number;
}

/** SQLite takes 32,766 values in one statement. */
const CHUNK = 5000;

/** Finds what there is to find of the models of these artifacts; what is so no longer is resolved, not forgotten. */
export function settleFindings(tx: Writer, { policies, artifactIds, now }: FindingsToSettle): void {
  const modelIds = new Set<string>();
  for (let i = 0; i < artifactIds.length; i += CHUNK) {
    const found = tx
      .selectDistinct({ modelId: versions.modelId })
      .from(versions)
      .where(inArray(versions.artifactId, artifactIds.slice(i, i + CHUNK)))
      .all();
    for (const { modelId } of found) modelIds.add(modelId);
  }
  for (const modelId of modelIds) settleFindingsOfModel(tx, { modelId, policies, now });
}

/** The same of one model. */
export function settleFindingsOfModel(
  tx: Writer,
  { modelId, policies, now }: Omit<FindingsToSettle, 'artifactIds'> & { readonly modelId: string },
): void {
  const record = readModelRecord(tx, modelId, policies);
  if (!record) return;
  const found = new Map(findingsOf(record).map((finding) => [findingId(modelId, finding), finding]));
  const compared = new Set(record.versions.map(({ versionId }) => versionId));
  const open = tx
    .select({ id: findings.id, kind: findings.kind, versionId: findings.versionId })
    .from(findings)
    .where(and(eq(findings.modelId, modelId), isNull(findings.resolvedAt)))
    .all();
  for (const { id, kind, versionId } of open) {
    if (kind === 'hash-mismatch' || found.has(id)) continue;
    if (kind === 'registered-mismatch' || (versionId !== null && compared.has(versionId)))
      tx.update(findings).set({ resolvedAt: now }).where(eq(findings.id, id)).run();
  }
  for (const finding of found.values()) openFinding(tx, modelId, finding, now);
  settleFailedChecks(tx, { modelId, now });
}
