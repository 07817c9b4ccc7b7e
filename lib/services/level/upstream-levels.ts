import { eq, inArray } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { models, versions } from '#db/schema/model.ts';
import type { VersionFacts } from '#lib/provenance/ml-level/level-facts.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import { readNearest } from '#lib/services/graph/reach.ts';
import { selectAttestationsOf, selectSigningsOf } from '#lib/services/model/version-bundles.ts';
import { readVersionEvidence } from '#lib/services/model/version-evidence.ts';
import type { LevelledVersion } from './judge-version.ts';

/** Things upstream, and models among them, that are looked at; beyond these nothing is claimed. */
const MAX_UPSTREAM = 500;
const MAX_MODELS = 20;

/**
 * Every model upstream of an artifact with its level, by `judge`; of several names of the same files the best. A model that
 * nobody has shown the files of has level 0. Data sets, code and images have no level.
 *
 * @returns null where there are more than can be looked at.
 */
export function readUpstreamLevels(
  database: OpenDatabase,
  artifactId: number,
  judge: (subject: LevelledVersion) => number,
): VersionFacts['upstream'] {
  const { db } = database;
  const policies = policiesInForce(database);
  const { placed, isCut } = readNearest(db, artifactId, 'ancestors', MAX_UPSTREAM);
  const ids = [...placed.keys()].filter((id) => id !== artifactId);
  if (isCut) return null;
  const nodes = db.select().from(artifacts).where(inArray(artifacts.id, ids)).all();
  const above = nodes.filter(({ kind }) => kind === 'model' || kind === 'component');
  if (above.length > MAX_MODELS) return null;
  return above.map((artifact) => {
    const named = db
      .select({ version: versions, model: { id: models.id, name: models.name, slug: models.slug } })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .where(eq(versions.artifactId, artifact.id))
      .limit(MAX_MODELS)
      .all();
    const levels = named.map(({ version, model }) =>
      judge({
        model,
        version: { ...version, ignorePaths: [] },
        artifact,
        signings: selectSigningsOf(db, eq(versions.id, version.id)),
        attestations: selectAttestationsOf(db, eq(versions.id, version.id)),
        evidence: readVersionEvidence(db, version.id, policies),
      }),
    );
    return { name: named[0]?.model.name ?? artifact.name ?? 'a model without a name', level: Math.max(0, ...levels) };
  });
}
