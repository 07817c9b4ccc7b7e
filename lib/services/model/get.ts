import { and, asc, desc, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { loggedState, signingTime } from './signing.ts';

const inputSchema = z.object({ slug: z.string().max(200) });

/** Versions shown with their files, newest first; older ones are counted. */
const VERSION_LIMIT = 50;
const FILE_LIMIT = 200;
const BUNDLE_LIMIT = 1000;

export interface ModelDetail {
  readonly model: typeof models.$inferSelect;
  /** Newest signature first. */
  readonly versions: readonly ModelVersion[];
  /** Versions beyond those in the list. */
  readonly olderVersions: number;
}

export interface ModelVersion {
  readonly id: string;
  readonly root: string;
  readonly method: 'files' | 'shards';
  readonly hashType: string;
  readonly fileCount: number;
  readonly ignorePaths: readonly string[];
  readonly firstSeenAt: number;
  readonly files: readonly { readonly path: string; readonly algorithm: string; readonly digest: string }[];
  /** Verified signatures over the files, newest first. */
  readonly signings: readonly ModelBundle[];
  /** Verified statements by anyone whose subject is this version. */
  readonly attestations: readonly ModelBundle[];
}

export type ModelBundle = ReturnType<typeof selectBundles>[number];

/** A model with its versions, their files, signatures and attestations; null where the slug names none. */
export async function getModel(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<ModelDetail | null> {
  const { slug } = inputSchema.parse(input);
  const { db } = database;
  const model = db.select().from(models).where(eq(models.slug, slug)).get();
  if (!model) return null;
  const rows = db.select().from(versions).where(eq(versions.modelId, model.id)).all();
  const signings = selectBundles(
    database,
    inArray(
      bundles.versionId,
      rows.map(({ id }) => id),
    ),
  );
  const attestations = selectAttestations(
    database,
    rows.map(({ root }) => root),
  );
  const newest = (versionId: string) => signings.find((signing) => signing.versionId === versionId)?.at ?? 0;
  rows.sort((a, b) => newest(b.id) - newest(a.id));
  return {
    model,
    olderVersions: Math.max(0, rows.length - VERSION_LIMIT),
    versions: rows.slice(0, VERSION_LIMIT).map(({ modelId: _, ignorePaths, ...version }) => ({
      ...version,
      ignorePaths: JSON.parse(ignorePaths) as string[],
      files: db
        .select({ path: versionFiles.path, algorithm: versionFiles.algorithm, digest: versionFiles.digest })
        .from(versionFiles)
        .where(eq(versionFiles.versionId, version.id))
        .orderBy(asc(versionFiles.position))
        .limit(FILE_LIMIT)
        .all(),
      signings: signings.filter(({ versionId }) => versionId === version.id),
      attestations: attestations.filter(({ about }) => about === version.root).map(({ bundle }) => bundle),
    })),
  };
}

function selectBundles({ db }: OpenDatabase, condition: SQL) {
  return db
    .select({
      bundleId: bundles.id,
      versionId: bundles.versionId,
      at: signingTime,
      signedAt: bundles.signedAt,
      signedAtSource: bundles.signedAtSource,
      san: bundles.san,
      issuer: bundles.issuer,
      predicateType: bundles.predicateType,
      logged: loggedState(bundles.logIndex),
      eventId: events.id,
      authenticity: events.authenticity,
      origin: logs.origin,
      logIndex: events.logIndex,
    })
    .from(bundles)
    .leftJoin(events, eq(events.id, bundles.eventId))
    .leftJoin(logs, eq(logs.id, events.logId))
    .where(and(eq(bundles.state, 'verified'), condition))
    .orderBy(desc(signingTime), desc(bundles.id))
    .limit(BUNDLE_LIMIT)
    .all();
}

function selectAttestations(
  database: OpenDatabase,
  roots: readonly string[],
): { about: string; bundle: ModelBundle }[] {
  const named = database.db
    .selectDistinct({ bundleId: bundleSubjects.bundleId, about: bundleSubjects.digest })
    .from(bundleSubjects)
    .innerJoin(bundles, eq(bundles.id, bundleSubjects.bundleId))
    .where(and(inArray(bundleSubjects.digest, [...roots]), isNull(bundles.versionId)))
    .limit(BUNDLE_LIMIT)
    .all();
  const found = selectBundles(
    database,
    inArray(
      bundles.id,
      named.map(({ bundleId }) => bundleId),
    ),
  );
  return found.flatMap((bundle) =>
    named.filter(({ bundleId }) => bundleId === bundle.bundleId).map(({ about }) => ({ about, bundle })),
  );
}
