import { inArray } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import {
  type SummaryStatement,
  verificationSummaryStatement,
} from '#lib/attestation/verification-summary-statement.ts';
import type { MlLevelNumber } from '#lib/provenance/ml-level/level-check.ts';
import { VERSION } from '#lib/version.ts';
import type { NamedLevel } from './get-level.ts';

/** What is meant by the levels: the checks of docs/levels.md. */
const POLICY = 'urn:modeltrail:policy:ml-level:v1';

export interface SummaryRequest {
  /** URI of who stands behind it. */
  readonly verifier: string;
  /** The level from which on the result is PASSED. */
  readonly required: MlLevelNumber;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * A verification summary of a version: what its level is, and its level of SLSA's build track, as a statement that nobody
 * has signed. Whoever signs it says so in their own name. SLSA's source level is no level of a model, and not in it.
 */
export function summaryStatement(
  { db }: OpenDatabase,
  { detail: { model, version, attestations, signings }, level }: NamedLevel,
  { verifier, required, now }: SummaryRequest,
): SummaryStatement {
  const looked = [...signings, ...attestations].filter(
    ({ bundleId, versionId }) => versionId !== null || bundleId === level.bundleId,
  );
  const ids = looked.map(({ bundleId }) => bundleId);
  const inputs = db.select({ sha256: bundles.sha256 }).from(bundles).where(inArray(bundles.id, ids)).all();
  const isPassed = level.level >= required;
  const build = level.slsaBuild.level > 0 ? [`SLSA_BUILD_LEVEL_${level.slsaBuild.level}`] : [];
  return verificationSummaryStatement({
    subject: { name: model.name, root: version.root },
    verifier,
    software: VERSION,
    resource: `urn:modeltrail:model:${encodeURIComponent(model.name)}`,
    policy: POLICY,
    verifiedAt: now,
    levels: isPassed ? [`MODELTRAIL_ML_LEVEL_${level.level}`, ...build] : [],
    dependencyLevels: countLevels(level.upstream ?? []),
    inputs: inputs.map(({ sha256 }) => sha256).sort(),
  });
}

function countLevels(upstream: readonly { readonly level: number }[]): Record<string, number> {
  const groups = Map.groupBy(upstream, ({ level }) => `MODELTRAIL_ML_LEVEL_${level}`);
  return Object.fromEntries([...groups].map(([name, models]) => [name, models.length]));
}
