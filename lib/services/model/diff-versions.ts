import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import type { AttestationFacts, LabelledValue } from '#lib/attestation/facts.ts';
import { diffInputs, type InputChange } from '#lib/provenance/input-diff.ts';
import { isSameSigner } from '#lib/provenance/signer.ts';
import { diffFiles, diffLabelled, type FileDiff, type LabelledDiff } from '#lib/provenance/version-diff.ts';
import { type ModelBundle, selectAttestationsOf, selectSigningsOf } from './version-bundles.ts';
import { readVersionInputs } from './version-inputs.ts';

const inputSchema = z.object({ slug: z.string().max(200), from: z.string().max(100), to: z.string().max(100) });

export interface VersionSide {
  readonly id: string;
  readonly root: string;
  readonly label: string | null;
  readonly method: 'files' | 'shards';
  readonly hashType: string;
  readonly fileCount: number;
  readonly ignorePaths: readonly string[];
  readonly firstSeenAt: number;
  /** Newest first. */
  readonly signings: readonly ModelBundle[];
  readonly attestations: readonly ModelBundle[];
}

export interface VersionDiff {
  readonly model: Pick<typeof models.$inferSelect, 'name' | 'slug'>;
  readonly from: VersionSide;
  readonly to: VersionSide;
  /** Null where a version is not signed by anybody, so that there is nothing to compare. */
  readonly signer: 'same' | 'changed' | null;
  readonly files: FileDiff;
  readonly inputs: readonly InputChange[];
  readonly environment: readonly LabelledDiff[];
  readonly parameters: readonly LabelledDiff[];
}

/** What differs between two versions of a model; null where the model does not have both. */
export async function diffVersions(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<VersionDiff | null> {
  const { slug, from, to } = inputSchema.parse(input);
  const model = db
    .select({ id: models.id, name: models.name, slug: models.slug })
    .from(models)
    .where(eq(models.slug, slug))
    .get();
  if (!model) return null;
  const before = readSide(db, model.id, from);
  const after = readSide(db, model.id, to);
  if (!before || !after) return null;
  const stated = [before, after].map(({ side }) => readStated(db, side.attestations));
  const [old, young] = stated;
  return {
    model: { name: model.name, slug: model.slug },
    from: before.side,
    to: after.side,
    signer: compareSigners(before.side, after.side),
    files: diffFiles(readFiles(db, from), readFiles(db, to)),
    inputs: diffInputs(before.inputs, after.inputs),
    environment: diffLabelled(old?.environment ?? [], young?.environment ?? []),
    parameters: diffLabelled(old?.parameters ?? [], young?.parameters ?? []),
  };
}

function readSide(db: Db, modelId: string, versionId: string) {
  const row = db.select().from(versions).where(eq(versions.id, versionId)).get();
  if (!row || row.modelId !== modelId) return null;
  const { ignorePaths, artifactId, modelId: _, seenAs: __, ...version } = row;
  const isThis = eq(versions.id, versionId);
  const side: VersionSide = {
    ...version,
    ignorePaths: JSON.parse(ignorePaths) as string[],
    signings: selectSigningsOf(db, isThis),
    attestations: selectAttestationsOf(db, isThis).map(({ about: _, ...bundle }) => bundle),
  };
  return { side, inputs: artifactId === null ? [] : readVersionInputs(db, artifactId) };
}

function compareSigners(
  { signings: [before] }: VersionSide,
  { signings: [after] }: VersionSide,
): 'same' | 'changed' | null {
  if (!before || !after || before.san === null || after.san === null) return null;
  const isSame = isSameSigner({ san: before.san, issuer: before.issuer }, { san: after.san, issuer: after.issuer });
  return isSame ? 'same' : 'changed';
}

function readFiles(db: Db, versionId: string) {
  return db
    .select({ path: versionFiles.path, algorithm: versionFiles.algorithm, digest: versionFiles.digest })
    .from(versionFiles)
    .where(eq(versionFiles.versionId, versionId))
    .orderBy(asc(versionFiles.position))
    .all();
}

/** What the statements about one version say of its environment and parameters, all together. */
function readStated(db: Db, bundles: readonly ModelBundle[]) {
  const facts = bundles.flatMap(({ bundleId }) => {
    const row = db
      .select({ facts: attestations.facts })
      .from(attestations)
      .where(eq(attestations.bundleId, bundleId))
      .get();
    return row ? [JSON.parse(row.facts) as AttestationFacts] : [];
  });
  const all = (key: 'environment' | 'parameters'): LabelledValue[] => facts.flatMap((one) => one[key]);
  return { environment: all('environment'), parameters: all('parameters') };
}
