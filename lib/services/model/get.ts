import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { models, versions } from '#db/schema/model.ts';
import type { LinkState, SignatureState } from '#lib/provenance/link-state.ts';
import type { SeenAs } from '#lib/provenance/seen-as.ts';
import { registrationsOfModel, type VersionRegistration } from '#lib/services/registration/of-versions.ts';
import { type ModelBundle, selectAttestationsOf, selectSigningsOf } from './version-bundles.ts';

const inputSchema = z.object({ slug: z.string().max(200) });

/** Versions shown, the newest; older ones are counted. */
const VERSION_LIMIT = 200;

export interface ModelDetail {
  readonly model: typeof models.$inferSelect;
  /** Newest first, by their newest signatures; those without by when they were first seen. */
  readonly versions: readonly ModelVersion[];
  /** Versions beyond those in the list. */
  readonly olderVersions: number;
}

/** A version as lists and timelines show it; its files and fields are another verb's (`getVersion`). */
export interface ModelVersion {
  readonly id: string;
  readonly root: string;
  readonly label: string | null;
  readonly seenAs: SeenAs;
  readonly method: 'files' | 'shards';
  readonly hashType: string;
  readonly fileCount: number;
  readonly ignorePaths: readonly string[];
  readonly firstSeenAt: number;
  readonly artifactId: number | null;
  /** Null where nobody registered it. */
  readonly registration: VersionRegistration | null;
  readonly signature: SignatureState | null;
  /** Null where no input is stated. */
  readonly weakest: LinkState | null;
  /** Of the newest signature, proven or first seen; of an observed version, when it was first seen. */
  readonly at: number;
  /** Verified signatures over the files, newest first. */
  readonly signings: readonly ModelBundle[];
  /** Verified statements by anyone whose subject is this version. */
  readonly attestations: readonly ModelBundle[];
}

/** A model with its versions, their signatures and attestations; null where the slug names none. */
export async function getModel({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<ModelDetail | null> {
  const { slug } = inputSchema.parse(input);
  const model = db.select().from(models).where(eq(models.slug, slug)).get();
  if (!model) return null;
  const rows = db
    .select({
      id: versions.id,
      root: versions.root,
      label: versions.label,
      seenAs: versions.seenAs,
      method: versions.method,
      hashType: versions.hashType,
      fileCount: versions.fileCount,
      ignorePaths: versions.ignorePaths,
      firstSeenAt: versions.firstSeenAt,
      artifactId: versions.artifactId,
      signature: artifacts.signature,
      weakest: artifacts.weakest,
    })
    .from(versions)
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(eq(versions.modelId, model.id))
    .orderBy(desc(versions.firstSeenAt), desc(versions.id))
    .all();
  const signings = Map.groupBy(selectSigningsOf(db, eq(versions.modelId, model.id)), ({ versionId }) => versionId);
  const attestations = Map.groupBy(selectAttestationsOf(db, eq(versions.modelId, model.id)), ({ about }) => about);
  const registered = registrationsOfModel(db, model.id);
  const all = rows.map(({ ignorePaths, ...row }): ModelVersion => {
    const own = signings.get(row.id) ?? [];
    const about = attestations.get(row.id) ?? [];
    return {
      ...row,
      ignorePaths: JSON.parse(ignorePaths) as string[],
      registration: registered.get(row.id) ?? null,
      at: own[0]?.at ?? row.firstSeenAt,
      signings: own,
      attestations: about.map(({ about: _, ...bundle }) => bundle),
    };
  });
  all.sort((a, b) => b.at - a.at);
  return { model, versions: all.slice(0, VERSION_LIMIT), olderVersions: Math.max(0, all.length - VERSION_LIMIT) };
}
