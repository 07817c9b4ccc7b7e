import { desc, eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { models, versions } from '#db/schema/model.ts';
import { isProvenance } from '#lib/attestation/facts.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { isBroken, type ModelRecord, type VersionRecord } from '#lib/provenance/findings.ts';
import { nineFields } from '#lib/provenance/nine-fields.ts';
import { readVersionEvidence } from '#lib/services/model/version-evidence.ts';
import { readClashes } from './read-clashes.ts';
import { readWeakestReasons } from './read-weakest-reasons.ts';

/** Versions compared, the newest: findings of older ones were made when they were new, and stand. */
const MAX_VERSIONS = 100;

/** A model's history as findings are made from it; null where there is no such model. */
export function readModelRecord(tx: Writer, modelId: string, policies: SignerPolicies): ModelRecord | null {
  const model = tx.select({ name: models.name }).from(models).where(eq(models.id, modelId)).get();
  if (!model) return null;
  const policy = policies.policyFor(model.name);
  const rows = tx
    .select({
      versionId: versions.id,
      root: versions.root,
      label: versions.label,
      seenAs: versions.seenAs,
      firstSeenAt: versions.firstSeenAt,
      artifactId: versions.artifactId,
      signature: sql<VersionRecord['signature']>`coalesce(${artifacts.signature}, 'unknown')`,
      weakest: artifacts.weakest,
    })
    .from(versions)
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(eq(versions.modelId, modelId))
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .limit(MAX_VERSIONS)
    .all();
  const broken = rows.filter(({ weakest }) => isBroken(weakest));
  const reasons = readWeakestReasons(
    tx,
    broken.flatMap(({ artifactId }) => artifactId ?? []),
  );
  const records = rows.flatMap(({ artifactId, firstSeenAt, ...row }): VersionRecord[] => {
    const evidence = readVersionEvidence(tx, row.versionId, policies);
    if (!evidence) return [];
    const { signatures, attestations } = evidence;
    const times = signatures.flatMap(({ signedAt }) => signedAt ?? []);
    return [
      {
        ...row,
        at: times.length > 0 ? Math.min(...times) : firstSeenAt,
        signatures: signatures.map(({ bundleId, signer, signedAt, isExpected }) => ({
          bundleId,
          signer,
          at: signedAt ?? firstSeenAt,
          isExpected: policy === null ? null : isExpected,
        })),
        provenance: attestations.filter(({ counts, facts }) => counts && isProvenance(facts)).length,
        fields: nineFields(evidence),
        weakestReason: artifactId === null ? null : (reasons.get(artifactId) ?? null),
      },
    ];
  });
  return {
    name: model.name,
    policy: policy?.name ?? null,
    requireProvenance: policy?.requireProvenance ?? false,
    versions: records,
    clashes: readClashes(tx, modelId),
  };
}
