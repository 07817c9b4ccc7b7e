import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts, declarations } from '#db/schema/artifact.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import type { DeclarationFacts } from '#lib/declaration/facts.ts';
import { type FieldRow, nineFields, type VersionEvidence } from '#lib/provenance/nine-fields.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import { registrationOf, type VersionRegistration } from '#lib/services/registration/of-versions.ts';
import { type ModelBundle, selectAttestationsOf, selectSigningsOf } from './version-bundles.ts';
import { readVersionEvidence } from './version-evidence.ts';

const inputSchema = z.object({ versionId: z.string().max(100), fileLimit: z.int().min(0).max(100_000).default(1000) });

const DECLARATION_LIMIT = 100;

export interface VersionDetail {
  readonly model: Pick<typeof models.$inferSelect, 'id' | 'name' | 'slug'>;
  readonly version: Omit<typeof versions.$inferSelect, 'ignorePaths' | 'modelId'> & {
    /** What the signer left out of the signature. */
    readonly ignorePaths: readonly string[];
  };
  /** Its node in the graph; null until the bundle that names it is looked at again. */
  readonly artifact: typeof artifacts.$inferSelect | null;
  /** In the signed order, as many as were asked for; `version.fileCount` counts all. */
  readonly files: readonly { readonly path: string; readonly algorithm: string; readonly digest: string }[];
  /** Verified signatures over the files, newest first. */
  readonly signings: readonly ModelBundle[];
  /** Verified statements by anyone whose subject is this version, newest first. */
  readonly attestations: readonly ModelBundle[];
  readonly fields: readonly FieldRow[];
  /** What the fields, and levels, are made from. */
  readonly evidence: VersionEvidence | null;
  /** Unsigned files that lie beside it and say where it comes from. */
  readonly declarations: readonly VersionDeclaration[];
  /** That its maker stated its files; null where nobody registered it. */
  readonly registration: VersionRegistration | null;
  /** The name of the expectation that says who may sign it; null where nobody in particular is expected. */
  readonly policy: string | null;
}

export interface VersionDeclaration {
  readonly source: string;
  readonly path: string;
  readonly kind: string;
  readonly inputs: number;
  /** What could not be read of it. */
  readonly remarks: readonly string[];
}

/** One version with its files, who signed it, what is said of it, and its nine fields; null where there is none such. */
export async function getVersion(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<VersionDetail | null> {
  const { versionId, fileLimit } = inputSchema.parse(input);
  const { db } = database;
  const row = db
    .select({ version: versions, artifact: artifacts, id: models.id, name: models.name, slug: models.slug })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(eq(versions.id, versionId))
    .get();
  if (!row) return null;
  const { version, artifact, ...model } = row;
  const { ignorePaths, modelId: _, ...facts } = version;
  const policies = policiesInForce(database);
  const evidence = readVersionEvidence(db, versionId, policies);
  const isThis = eq(versions.id, versionId);
  return {
    model,
    version: { ...facts, ignorePaths: JSON.parse(ignorePaths) as string[] },
    artifact,
    files: db
      .select({ path: versionFiles.path, algorithm: versionFiles.algorithm, digest: versionFiles.digest })
      .from(versionFiles)
      .where(eq(versionFiles.versionId, versionId))
      .orderBy(asc(versionFiles.position))
      .limit(fileLimit)
      .all(),
    signings: selectSigningsOf(db, isThis),
    attestations: selectAttestationsOf(db, isThis).map(({ about: _, ...bundle }) => bundle),
    fields: evidence ? nineFields(evidence) : [],
    evidence,
    declarations: version.artifactId === null ? [] : readDeclarations(database, version.artifactId),
    registration: registrationOf(db, versionId),
    policy: policies.policyFor(model.name)?.name ?? null,
  };
}

function readDeclarations({ db }: OpenDatabase, artifactId: number): VersionDeclaration[] {
  return db
    .select({
      source: declarations.source,
      path: declarations.path,
      kind: declarations.kind,
      facts: declarations.facts,
    })
    .from(declarations)
    .where(eq(declarations.artifactId, artifactId))
    .orderBy(asc(declarations.path), asc(declarations.id))
    .limit(DECLARATION_LIMIT)
    .all()
    .map(({ facts, ...declaration }) => {
      const { inputs, remarks } = JSON.parse(facts) as DeclarationFacts;
      return { ...declaration, inputs: inputs.length, remarks };
    });
}
