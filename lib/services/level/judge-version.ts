import type { OpenDatabase } from '#db/client.ts';
import { judgeBest, type MlLevel } from '#lib/provenance/ml-level/judge.ts';
import type { VersionFacts } from '#lib/provenance/ml-level/level-facts.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import { countingAttestations } from '#lib/services/sharing/counting.ts';
import { readChecked } from './read-checked.ts';
import { readStatements } from './read-statements.ts';
import { trustTableInForce } from './trust-table-in-force.ts';
import { readUpstreamLevels } from './upstream-levels.ts';

/** What is levelled of a version. */
export type LevelledVersion = Pick<
  VersionDetail,
  'model' | 'version' | 'artifact' | 'signings' | 'attestations' | 'evidence'
>;

export interface VersionLevel extends MlLevel {
  /** Statements of provenance whose signer has a say: those that were judged. */
  readonly statements: number;
  /** Statements about it by others. They are not part of it, whatever they say. */
  readonly strangers: number;
  readonly upstream: VersionFacts['upstream'];
}

/**
 * The level of a version, from all that is stored of it. Only statements count whose signer has a say on it, as on public
 * pages: else anybody could lift anybody's model to the first level. The levels of what is upstream are worked out only
 * where all below level 4 is met.
 */
export function judgeVersion(database: OpenDatabase, subject: LevelledVersion): VersionLevel {
  const judged = judgeOwn(database, subject);
  const { artifact } = subject;
  if (judged.level < 3 || artifact?.weakest !== 'verified') return judged;
  const upstream = readUpstreamLevels(database, artifact.id, (one) => judgeOwn(database, one).level);
  return judgeOwn(database, subject, upstream);
}

function judgeOwn(
  database: OpenDatabase,
  subject: LevelledVersion,
  upstream: VersionFacts['upstream'] = null,
): VersionLevel {
  const { model, version, artifact, evidence } = subject;
  const policies = policiesInForce(database);
  const all = evidence?.attestations ?? [];
  const counting = countingAttestations(subject, policies);
  const attestations = all.filter(({ bundleId }) => counting.has(bundleId));
  const { statements, evaluations } =
    artifact && evidence
      ? readStatements(database.db, { ...evidence, artifactId: artifact.id, attestations })
      : { statements: [], evaluations: [] };
  const facts: VersionFacts = {
    expectation: policies.policyFor(model.name)?.name ?? null,
    signatures: evidence?.signatures ?? [],
    checked: readChecked(database.db, version.id, artifact?.id ?? null),
    evaluations,
    weakest: artifact?.weakest ?? null,
    upstream,
  };
  return {
    ...judgeBest({ version: facts, trust: trustTableInForce(database) }, statements),
    statements: statements.length,
    strangers: all.length - attestations.length,
    upstream,
  };
}
